import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { DataTable } from "@/components/data_table";
import { formatCount } from "@/text/number";
import type { Import, LeftOut, Report } from "./asking";
import styles from "./imports.module.css";

// How many rows became what.
export function Counts({ report }: { report: Import }) {
  const { t, i18n } = useTranslation();
  // A row of somebody's orders becomes several events.
  const several = report.kind === "events" && report.rows_of_file !== undefined;
  const figures = [
    ["rows", report.rows_of_file ?? report.rows_read],
    [several ? "written_events" : "written", report.rows_imported],
    [several ? "repeated_events" : "repeated", report.rows_repeated],
    ["left_out", report.rows_left_out],
  ] as const;
  return (
    <dl className={styles.counts} data-testid="counts">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`imports.${name}`)}</dt>
          <dd>{formatCount(value, i18n.language)}</dd>
        </div>
      ))}
      {report.customers_created !== undefined && (
        <div>
          <dt>{t("imports.customers_created")}</dt>
          <dd>{formatCount(report.customers_created, i18n.language)}</dd>
        </div>
      )}
      {(report.reviews_opened ?? 0) > 0 && (
        <div>
          <dt>{t("imports.reviews_opened")}</dt>
          <dd>
            <Link to="/customers/reviews">
              {formatCount(report.reviews_opened ?? 0, i18n.language)}
            </Link>
          </dd>
        </div>
      )}
    </dl>
  );
}

// What else there is to know of it, and what was left out.
export function WholeReport({ report }: { report: Report }) {
  const { t } = useTranslation();
  return (
    <>
      {report.stop_asked && <Alert type="warning" showIcon title={t("imports.stopped")} />}
      {report.times_look_like_seconds && (
        <Alert type="warning" showIcon title={t("imports.look_like_seconds")} />
      )}
      {(report.rows_left_by_rule ?? 0) > 0 && (
        <p>{t("imports.left_by_rule", { count: report.rows_left_by_rule ?? 0 })}</p>
      )}
      <LeftOutTable
        label={t("imports.left_out_rows")}
        rows={report.left_out ?? []}
        total={report.rows_left_out}
      />
      <LeftOutTable
        label={t("imports.left_out_values")}
        rows={report.values_left_out ?? []}
        total={report.values_left_out_count ?? 0}
      />
      <LeftOutTable
        label={t("imports.other_persons")}
        rows={report.other_persons ?? []}
        total={report.other_persons_count ?? 0}
      />
    </>
  );
}

interface Props {
  label: string;
  rows: readonly LeftOut[];
  total: number;
}

const SHOWN = 100;

export function LeftOutTable({ label, rows, total }: Props) {
  const { t, i18n } = useTranslation();
  if (total === 0) return null;
  const shown = rows.slice(0, SHOWN).map((row, index) => ({ ...row, index }));
  return (
    <section className={styles.left_out}>
      <h3>
        {label} {formatCount(total, i18n.language)}
      </h3>
      <Reasons rows={rows} />
      <DataTable
        label={label}
        columns={[
          { key: "line", title: t("imports.line"), render: ({ line }) => line },
          { key: "column", title: t("imports.column"), render: ({ column }) => column || "–" },
          { key: "reason", title: t("imports.reason"), render: ({ detail }) => detail },
        ]}
        rows={shown}
        keyOf={({ index }) => index}
        empty={t("imports.not_listed")}
      />
      {total > shown.length && shown.length > 0 && (
        <p className={styles.hint}>{t("imports.first_shown", { count: shown.length })}</p>
      )}
    </section>
  );
}

// Which reasons there are among those listed, the most frequent first.
function Reasons({ rows }: { rows: readonly LeftOut[] }) {
  const { i18n } = useTranslation();
  const counts = new Map<string, number>();
  for (const { detail } of rows) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  if (counts.size < 2) return null;
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return (
    <ul className={styles.reasons}>
      {sorted.map(([detail, count]) => (
        <li key={detail}>
          {detail} <b>{formatCount(count, i18n.language)}</b>
        </li>
      ))}
    </ul>
  );
}
