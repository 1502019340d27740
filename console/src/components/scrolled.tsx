import type { ReactNode } from "react";
import styles from "./scrolled.module.css";

interface Props {
  label: string;
  children: ReactNode;
}

// A table wider than its place: it scrolls by itself, not the page, and by the arrow keys, too.
export function Scrolled({ label, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className={styles.scrolled} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
