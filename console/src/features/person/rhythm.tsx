import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { CALIBRATION_ADDRESS, VALUE_ADDRESS } from "@/text/address";
import { formatFigure, formatShare } from "@/text/number";
import { formatMoney } from "@/text/value";
import { type CustomerValue, useValue } from "./life";
import styles from "./life.module.css";

// How often somebody usually buys, for how long they have not, and what may be expected of them.
export function RhythmPanel({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const value = useValue(customer);
  return (
    <Panel title={t("rhythm_of.title")} testId="rhythm">
      <Answered query={value} rows={2}>
        {(known) => (
          <>
            <Usual value={known} />
            <Expected value={known} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function Usual({ value }: { value: CustomerValue }) {
  const { t, i18n } = useTranslation();
  const { usual_gap_days: usual, silent_days: silent, overdue } = value;
  const daysOf = useDays();
  if (typeof usual !== "number" || typeof silent !== "number") {
    return <p className={styles.none}>{t("rhythm_of.few_orders")}</p>;
  }
  return (
    <p className={styles.sentence}>
      {t("rhythm_of.usual", { usual: daysOf(usual), silent: daysOf(silent) })}
      {typeof overdue === "number" && overdue > 1 && (
        <span className={styles.overdue}>
          {t("rhythm_of.overdue", { times: formatFigure(overdue, i18n.language) })}
        </span>
      )}
    </p>
  );
}

// "12 days", "0.5 days".
function useDays(): (days: number) => string {
  const { t, i18n } = useTranslation();
  return (days) => {
    const digits = days < 10 ? 1 : 0;
    const written = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits });
    return t("rhythm_of.days", { count: Math.ceil(days), days: written.format(days) });
  };
}

const HORIZONS = [30, 90, 365] as const;

// A probability stands only where its calibration is one click away.
function Expected({ value }: { value: CustomerValue }) {
  const { t, i18n } = useTranslation();
  const mayAsk = useMay("audiences.read");
  const { p_alive, clv, run_at, state = "ready" } = value;
  if (typeof p_alive !== "number") {
    return (
      <p className={styles.none}>
        {t(`rhythm_of.unsaid.${state}`)}{" "}
        {mayAsk && <Link to={VALUE_ADDRESS}>{t("rhythm_of.why_not")}</Link>}
      </p>
    );
  }
  if (!mayAsk) return null;
  const orders = HORIZONS.flatMap((days) => {
    const expected = value[`expected_orders_${days}d`];
    return typeof expected === "number"
      ? [t("rhythm_of.in_days", { days, orders: formatFigure(expected, i18n.language) })]
      : [];
  });
  return (
    <>
      <dl className={styles.expected}>
        <div>
          <dt>{t("rhythm_of.p_alive")}</dt>
          <dd>
            <strong>{formatShare(p_alive, i18n.language)}</strong>
            <Link to={CALIBRATION_ADDRESS}>{t("rhythm_of.calibration")}</Link>
          </dd>
        </div>
        {orders.length > 0 && (
          <div>
            <dt>{t("rhythm_of.orders")}</dt>
            <dd>
              {orders.map((each) => (
                <span key={each}>{each}</span>
              ))}
            </dd>
          </div>
        )}
        {clv && (
          <div>
            <dt>{t("rhythm_of.clv")}</dt>
            <dd>
              <strong>{formatMoney(clv)}</strong>
            </dd>
          </div>
        )}
      </dl>
      {run_at && (
        <p className={styles.note}>
          {t("rhythm_of.run_at")} <Moment value={run_at} />
        </p>
      )}
    </>
  );
}
