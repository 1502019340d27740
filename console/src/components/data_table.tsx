import type { ReactNode } from "react";
import styles from "./data_table.module.css";

export interface Column<T> {
  key: string;
  title: string;
  // Figures stand at the right.
  figures?: boolean;
  render(row: T): ReactNode;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string | number;
  // Instead of a table without rows.
  empty: ReactNode;
}

// A table; on the phone each row is a card with the heads beside the values. The first column says
// what the row is.
export function DataTable<T>({ label, columns, rows, keyOf, empty }: Props<T>) {
  if (rows.length === 0) return <div className={styles.empty}>{empty}</div>;
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, figures }) => (
            <th key={key} scope="col" data-figures={figures}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ key, title, figures, render }) => (
              <td key={key} data-figures={figures}>
                {title !== "" && (
                  <span className={styles.head} aria-hidden="true">
                    {title}
                  </span>
                )}
                <div className={styles.value}>{render(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
