import type { KeyboardEvent, ReactNode } from "react";
import styles from "./data_table.module.css";

export interface Column<T> {
  key: string;
  title: string;
  // Figures stand at the right.
  figures?: boolean;
  // The rows can stand in its order; undefined: not.
  sort?: Sort;
  render(row: T): ReactNode;
}

export interface Sort {
  // null: in another order.
  order: "ascending" | "descending" | null;
  // To the next of: this way, the other way, the order before.
  onSort(): void;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string | number;
  // Instead of a table without rows.
  empty: ReactNode;
}

// From the link of a row, which is in its first cell, to those above and below.
function moveByRows(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("td:first-child a")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  rows[to]?.focus();
}

// A table; on the phone each row is a card with the heads beside the values. The first column says
// what the row is; where it leads there, arrows go from row to row.
export function DataTable<T>({ label, columns, rows, keyOf, empty }: Props<T>) {
  if (rows.length === 0) return <div className={styles.empty}>{empty}</div>;
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, figures, sort }) => (
            <th
              key={key}
              scope="col"
              data-figures={figures}
              {...(sort?.order ? { "aria-sort": sort.order } : {})}
            >
              {sort ? <SortButton title={title} sort={sort} /> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={moveByRows}>
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

const ARROWS = { ascending: "\u2191", descending: "\u2193" };

function SortButton({ title, sort: { order, onSort } }: { title: string; sort: Sort }) {
  return (
    <button type="button" className={styles.sort} onClick={onSort}>
      {title}
      <span aria-hidden="true" data-order={order ?? "none"}>
        {ARROWS[order ?? "ascending"]}
      </span>
    </button>
  );
}
