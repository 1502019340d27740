import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { BarChart, ChartSkeleton } from "@/components/bar_chart";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { questionAddress } from "@/text/address";
import { formatChange, formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { REVENUE_DAYS, type RevenueDay, useRevenue } from "./asking";
import styles from "./revenue.module.css";

// Net revenue, as the program's orders say it. Nothing while there is nothing to say.
export function Revenue() {
  const { t } = useTranslation();
  const revenue = useRevenue();
  if (revenue.data?.days.every(({ payments }) => payments === 0)) return null;
  return (
    <Panel title={t("home.revenue.title", { days: REVENUE_DAYS })} testId="revenue">
      {revenue.data ? (
        <Days {...revenue.data} />
      ) : revenue.isError ? (
        <ProblemAlert error={revenue.error} retry={() => revenue.refetch()} />
      ) : (
        <ChartSkeleton />
      )}
    </Panel>
  );
}

const CENTS = 100;
const cents = (yuan: string) => Math.round(Number(yuan) * CENTS);
const yuan = (sum: number) => (sum / CENTS).toFixed(2);
const sumOf = (days: readonly RevenueDay[], part: "paid" | "refunded" | "net") =>
  days.reduce((sum, day) => sum + cents(day[part]), 0);

interface DaysProps {
  days: readonly RevenueDay[];
  before: readonly RevenueDay[];
  fresh: boolean;
}

function Days({ days, before, fresh }: DaysProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  return (
    <>
      <dl className={styles.sums}>
        <div>
          <dt>{t("order.net")}</dt>
          <dd data-testid="net">{formatMoney(yuan(sumOf(days, "net")))}</dd>
          <dd className={styles.change}>
            {t("home.revenue.change", {
              days: REVENUE_DAYS,
              change: formatChange(sumOf(before, "net"), sumOf(days, "net"), i18n.language),
            })}
          </dd>
        </div>
        <div>
          <dt>{t("order.paid")}</dt>
          <dd>{formatMoney(yuan(sumOf(days, "paid")))}</dd>
        </div>
        <div>
          <dt>{t("order.refunded")}</dt>
          <dd>{formatMoney(yuan(sumOf(days, "refunded")))}</dd>
        </div>
      </dl>
      {!fresh && <p role="status">{t("question.behind")}</p>}
      <BarChart
        label={t("home.revenue.paid_of", { days: REVENUE_DAYS })}
        unit={t("home.revenue.unit")}
        bars={days.map(({ day, at, paid }) => ({
          label: day,
          value: Number(paid),
          unfinished: at === null,
        }))}
        unfinished={t("home.so_far")}
        onOpen={(index) => {
          const opened = days[index];
          if (opened) void navigate(addressOf(opened));
        }}
      />
      <p className={styles.note}>{t("home.revenue.note")}</p>
      <Table days={days} />
    </>
  );
}

// Who paid on that day, and is no test account.
function addressOf({ day, at }: RevenueDay): string {
  return at === null
    ? questionAddress({ rule: `did order_paid since ${day}` })
    : questionAddress({ rule: "did order_paid in last 1d", at });
}

function Table({ days }: { days: readonly RevenueDay[] }) {
  const { t, i18n } = useTranslation();
  return (
    <details className={styles.details}>
      <summary>{t("home.as_table")}</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("home.day")}</th>
            <th scope="col">{t("home.revenue.payments")}</th>
            <th scope="col">{t("order.paid")}</th>
            <th scope="col">{t("order.refunded")}</th>
            <th scope="col">{t("order.net")}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((each) => (
            <tr key={each.day}>
              <th scope="row">
                {each.day}
                {each.at === null && ` ${t("home.so_far")}`}
              </th>
              <td>
                <Link to={addressOf(each)}>{formatCount(each.payments, i18n.language)}</Link>
              </td>
              <td>{formatMoney(each.paid)}</td>
              <td>{formatMoney(each.refunded)}</td>
              <td>{formatMoney(each.net)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
