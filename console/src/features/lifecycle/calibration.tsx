import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { Panel } from "@/components/panel";
import { Scrolled } from "@/components/scrolled";
import { formatCount, formatShare } from "@/text/number";
import { BucketChart } from "./bucket_chart";
import styles from "./rhythm.module.css";
import type { Calibration } from "./types";
import { WeekChart } from "./week_chart";

// Whether what the model says has come true: it was fitted to all but the last weeks, and those are
// held against it.
export function CalibrationPanel({ calibration }: { calibration: Calibration }) {
  const { t, i18n } = useTranslation();
  const { hash } = useLocation();
  const weeks = calibration.held_back_weeks;
  useEffect(() => {
    if (hash === "#calibration") document.getElementById("calibration")?.scrollIntoView();
  }, [hash]);
  const auc = (value: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 3 }).format(value);
  return (
    <div id="calibration">
      <Panel
        title={t("calibration.title")}
        lead={t("calibration.lead", {
          weeks,
          people: formatCount(calibration.customers, i18n.language),
        })}
        testId="calibration"
      >
        <Verdict calibration={calibration} />
        <div className={styles.halves}>
          <section>
            <h3>{t("calibration.buckets")}</h3>
            <p className={styles.note}>{t("calibration.buckets_note", { weeks })}</p>
            <BucketChart buckets={calibration.buckets} />
          </section>
          <section>
            <h3>{t("calibration.weekly")}</h3>
            <p className={styles.note}>{t("calibration.weekly_note")}</p>
            <WeekChart weeks={calibration.weekly} />
          </section>
        </div>
        <BucketTable calibration={calibration} />
        <FrequencyTable calibration={calibration} />
        {calibration.auc !== null && (
          <p className={styles.note}>
            {t("calibration.auc", { auc: auc(calibration.auc) })}{" "}
            {calibration.auc_of_recency != null &&
              t("calibration.auc_recency", { auc: auc(calibration.auc_of_recency) })}
          </p>
        )}
      </Panel>
    </div>
  );
}

// In one sentence: how far all purchases together were from what was expected.
function Verdict({ calibration: { weekly } }: { calibration: Calibration }) {
  const { t, i18n } = useTranslation();
  const sum = (of: "expected" | "actual") => weekly.reduce((all, week) => all + week[of], 0);
  const [expected, actual] = [sum("expected"), sum("actual")];
  const figures = {
    expected: formatCount(Math.round(expected), i18n.language),
    actual: formatCount(Math.round(actual), i18n.language),
  };
  if (actual === 0) return <p>{t("calibration.verdict_none", figures)}</p>;
  const off = (expected - actual) / actual;
  const share = formatShare(Math.abs(off), i18n.language);
  return (
    <p>
      {off >= 0
        ? t("calibration.verdict_more", { ...figures, share })
        : t("calibration.verdict_less", { ...figures, share })}
    </p>
  );
}

function BucketTable({ calibration: { buckets } }: { calibration: Calibration }) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language);
  return (
    <details>
      <summary>{t("home.as_table")}</summary>
      <Scrolled label={t("calibration.buckets")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("calibration.p_alive")}</th>
              <th scope="col">{t("river.customers")}</th>
              <th scope="col">{t("calibration.expected_to_buy")}</th>
              <th scope="col">{t("calibration.bought")}</th>
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.p_alive_from}>
                <th scope="row">
                  {`${share(bucket.p_alive_from)}\u2013${share(bucket.p_alive_to)}`}
                </th>
                <td>{formatCount(bucket.customers, i18n.language)}</td>
                <td>{bucket.customers > 0 ? share(bucket.share_expected_to_buy) : "\u2013"}</td>
                <td>{bucket.customers > 0 ? share(bucket.share_that_bought) : "\u2013"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </details>
  );
}

// By how often they had bought again: the average of what they did next.
function FrequencyTable({ calibration: { by_frequency } }: { calibration: Calibration }) {
  const { t, i18n } = useTranslation();
  const figure = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const last = by_frequency.at(-1)?.frequency;
  return (
    <section className={styles.part}>
      <h3>{t("calibration.by_frequency")}</h3>
      <Scrolled label={t("calibration.by_frequency")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("calibration.again")}</th>
              <th scope="col">{t("river.customers")}</th>
              <th scope="col">{t("calibration.expected")}</th>
              <th scope="col">{t("calibration.actual")}</th>
            </tr>
          </thead>
          <tbody>
            {by_frequency.map(({ frequency, customers, expected, actual }) => (
              <tr key={frequency}>
                <th scope="row">{frequency === last ? `\u2265${frequency}` : frequency}</th>
                <td>{formatCount(customers, i18n.language)}</td>
                <td>{figure.format(expected)}</td>
                <td>{figure.format(actual)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
