import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { BarChart } from "@/components/bar_chart";
import { Panel } from "@/components/panel";
import { formatCount } from "@/text/number";
import { customersAddress } from "./address";
import styles from "./rhythm.module.css";
import type { Rhythm, RhythmBucket } from "./types";

// How often people usually buy, and how late they are against it. Each column opens its people.
export function Histograms({ rhythm }: { rhythm: Rhythm }) {
  const { t } = useTranslation();
  return (
    <div className={styles.halves}>
      <Panel title={t("rhythm.gap")} lead={t("rhythm.gap_lead")}>
        <Histogram buckets={rhythm.usual_gap ?? []} attribute="usual_gap" label={t("rhythm.gap")} />
      </Panel>
      <Panel title={t("rhythm.overdue")} lead={t("rhythm.overdue_lead")}>
        <Histogram buckets={rhythm.overdue ?? []} attribute="overdue" label={t("rhythm.overdue")} />
      </Panel>
    </div>
  );
}

interface Props {
  buckets: readonly RhythmBucket[];
  attribute: "usual_gap" | "overdue";
  label: string;
}

function Histogram({ buckets, attribute, label }: Props) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const figure = (value: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(value);
  const nameOf = ({ from, to }: RhythmBucket) =>
    to === null ? `\u2265${figure(from)}` : `${figure(from)}\u2013${figure(to)}`;
  const ruleOf = ({ from, to }: RhythmBucket) =>
    [`${attribute} >= ${from}`, ...(to === null ? [] : [`${attribute} < ${to}`])].join(" and ");
  if (buckets.every(({ customers }) => customers === 0)) {
    return <p>{t("rhythm.no_gaps")}</p>;
  }
  return (
    <>
      <BarChart
        label={label}
        unit={t("home.unit")}
        bars={buckets.map((bucket) => ({
          label: nameOf(bucket),
          value: bucket.customers,
          unfinished: false,
        }))}
        unfinished=""
        onOpen={(index) => {
          const bucket = buckets[index];
          if (bucket) void navigate(customersAddress(ruleOf(bucket)));
        }}
      />
      <p className={styles.axis_name}>
        {attribute === "overdue" ? t("rhythm.in_times") : t("rhythm.in_days")}
      </p>
      <details>
        <summary>{t("home.as_table")}</summary>
        <ul className={styles.rows}>
          {buckets.map((bucket) => (
            <li key={bucket.from}>
              <span>{nameOf(bucket)}</span>
              <Link to={customersAddress(ruleOf(bucket))}>
                {formatCount(bucket.customers, i18n.language)}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
