import type { ReactNode } from "react";
import styles from "./empty_state.module.css";

interface Props {
  title: string;
  text: string;
  children?: ReactNode;
}

// Nothing here: one sentence with the next step, and an example below it.
export function EmptyState({ title, text, children }: Props) {
  return (
    <section className={styles.empty}>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{text}</p>
      {children}
    </section>
  );
}
