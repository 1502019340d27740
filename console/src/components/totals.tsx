import styles from "./totals.module.css";

// Figures side by side, each below what it is.
export function Totals({ figures }: { figures: readonly (readonly [string, string])[] }) {
  return (
    <dl className={styles.totals} data-testid="totals">
      {figures.map(([label, figure]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
