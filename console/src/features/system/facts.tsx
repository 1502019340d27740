import type { ReactNode } from "react";
import styles from "./system.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
  // What the figure means, where its name does not say it.
  more?: ReactNode;
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(({ label, value, more }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {more && <small>{more}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
