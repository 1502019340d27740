import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

interface Props {
  title?: string;
  lead?: string;
  actions?: ReactNode;
  testId?: string;
  children: ReactNode;
}

// One quiet surface of a page.
export function Panel({ title, lead, actions, testId, children }: Props) {
  const heading = useId();
  return (
    <section
      className={styles.panel}
      data-testid={testId}
      {...(title ? { "aria-labelledby": heading } : {})}
    >
      {title && (
        <header className={styles.head}>
          <div>
            <h2 id={heading} className={styles.title}>
              {title}
            </h2>
            {lead && <p className={styles.lead}>{lead}</p>}
          </div>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
