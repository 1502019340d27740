import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { TrendDay } from "@/text/days";
import styles from "./days_table.module.css";

interface Props<T> {
  days: readonly T[];
  // Of the columns behind the day, and what stands there.
  heads: readonly string[];
  cellsOf(day: T): readonly ReactNode[];
}

// The numbers of a picture of days, the latest first, for whoever cannot see it.
export function DaysTable<T extends TrendDay>({ days, heads, cellsOf }: Props<T>) {
  const { t } = useTranslation();
  return (
    <details className={styles.details}>
      <summary>{t("home.as_table")}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            {[t("home.day"), ...heads].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.day}>
              <th scope="row">
                {day.day}
                {day.at === null && ` ${t("home.so_far")}`}
              </th>
              {cellsOf(day).map((cell, column) => (
                <td key={heads[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
