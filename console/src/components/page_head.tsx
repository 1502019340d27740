import type { ReactNode } from "react";
import styles from "./page_head.module.css";
import { useTitle } from "./use_title";

interface Props {
  title: string;
  lead?: string;
  // What can be done on the page, at its right.
  actions?: ReactNode;
}

export function PageHead({ title, lead, actions }: Props) {
  useTitle(title);
  return (
    <header className={styles.head}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
