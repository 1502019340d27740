import { Checkbox } from "antd";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useNames } from "@/api/names";
import { DataTable } from "@/components/data_table";
import { useColumnTitle } from "@/components/use_column_title";
import { customerAddress } from "@/text/address";
import { isSortable, type Sorting } from "./address";
import type { Person, Row } from "./asking";
import { Cell, isFigure } from "./columns";
import styles from "./customers_page.module.css";

interface Props {
  people: readonly Row[];
  columns: readonly string[];
  // Undefined: nothing can be done with them.
  selected?: ReadonlyMap<number, Person>;
  onSelect(people: readonly Person[], on: boolean): void;
  sort: Sorting | null;
  onSort(sort: Sorting | null): void;
}

// Times begin with the latest, everything else with the smallest; the third click is as found.
function nextOf(column: string, sort: Sorting | null): Sorting | null {
  const first = column.endsWith("_at");
  if (sort?.column !== column) return { column, descending: first };
  return sort.descending === first ? { column, descending: !first } : null;
}

const orderOf = (column: string, sort: Sorting | null) => {
  if (sort?.column !== column) return null;
  return sort.descending ? ("descending" as const) : ("ascending" as const);
};

// Arrows go from row to row, Enter opens one, Space chooses it.
export function CustomerTable({ people, columns, selected, onSelect, sort, onSort }: Props) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const names = useNames();
  const all = people.length > 0 && people.every(({ id }) => selected?.has(id));
  const some = people.some(({ id }) => selected?.has(id));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("a[data-row]")];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const person = people[at];
    if (event.key === " " && selected && person) {
      event.preventDefault();
      onSelect([person], !selected.has(person.id));
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the rows within.
    <div onKeyDown={onKeyDown} data-testid="customers">
      {selected && people.length > 0 && (
        <Checkbox
          className={styles.all ?? ""}
          checked={all}
          indeterminate={some && !all}
          onChange={({ target }) => onSelect(people, target.checked)}
        >
          {t("customers.select_shown", { count: people.length })}
        </Checkbox>
      )}
      <DataTable
        label={t("page.customers")}
        rows={people}
        keyOf={({ id }) => id}
        empty={t("customers.nobody")}
        columns={[
          {
            key: "key",
            title: t("customers.column.key"),
            render: (person) => (
              <span className={styles.key}>
                {selected && (
                  <Checkbox
                    aria-label={t("customers.select", { name: person.key })}
                    checked={selected.has(person.id)}
                    onChange={({ target }) => onSelect([person], target.checked)}
                  />
                )}
                <Link to={customerAddress(person)} data-row>
                  {person.key}
                </Link>
              </span>
            ),
          },
          ...columns.map((column) => ({
            key: column,
            title: titleOf(column),
            figures: isFigure(column),
            ...(isSortable(column, columns)
              ? {
                  sort: {
                    order: orderOf(column, sort),
                    onSort: () => onSort(nextOf(column, sort)),
                  },
                }
              : {}),
            render: (row: Row) => <Cell {...{ row, column, names }} />,
          })),
        ]}
      />
    </div>
  );
}
