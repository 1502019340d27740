import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { BarChart, ChartSkeleton } from "@/components/bar_chart";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { questionAddress } from "@/text/address";
import { formatChange, formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { REVENUE_DAYS, type RevenueDay, useRevenue } from "./asking";
import { DaysTable } from "./days_table";
import table from "./days_table.module.css";
import styles from "./revenue.module.css";

// Net revenue, as the program's orders say it. Nothing while there is nothing to say.
export function Revenue() {
  const { t } = useTranslation();
  const revenue = useRevenue();
  // Refunds of what was paid long ago are something, too.
  if (revenue.data?.days.every(isNothing)) return null;
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
const isNothing = ({ payments, refunded }: RevenueDay) => payments === 0 && cents(refunded) === 0;
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
  const since = days[0]?.day ?? "";
  const payers = questionAddress({ rule: `did order_paid since ${since}` });
  const refunded = questionAddress({ rule: `did order_refunded since ${since}` });
  return (
    <>
      <dl className={styles.sums}>
        <div>
          <dt>{t("order.net")}</dt>
          <dd data-testid="net">
            <Link to={payers}>{formatMoney(yuan(sumOf(days, "net")))}</Link>
          </dd>
          <dd className={styles.change}>
            {t("home.revenue.change", {
              days: REVENUE_DAYS,
              change: formatChange(sumOf(before, "net"), sumOf(days, "net"), i18n.language),
            })}
          </dd>
        </div>
        <div>
          <dt>{t("order.paid")}</dt>
          <dd>
            <Link to={payers}>{formatMoney(yuan(sumOf(days, "paid")))}</Link>
          </dd>
        </div>
        <div>
          <dt>{t("order.refunded")}</dt>
          <dd>
            <Refunded to={refunded} sum={yuan(sumOf(days, "refunded"))} />
          </dd>
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
      <p className={table.note}>{t("home.revenue.note")}</p>
      <DaysTable
        days={days}
        heads={[t("home.revenue.payments"), t("order.paid"), t("order.refunded"), t("order.net")]}
        cellsOf={(day) => [
          <Link key="payments" to={addressOf(day)}>
            {formatCount(day.payments, i18n.language)}
          </Link>,
          <Link key="paid" to={addressOf(day)}>
            {formatMoney(day.paid)}
          </Link>,
          <Refunded key="refunded" to={addressOf(day, "order_refunded")} sum={day.refunded} />,
          <Link key="net" to={addressOf(day)}>
            {formatMoney(day.net)}
          </Link>,
        ]}
      />
    </>
  );
}

// Where nothing was, there is nobody to be seen, and perhaps no such event.
function Refunded({ to, sum }: { to: string; sum: string }) {
  if (Number(sum) === 0) return formatMoney(sum);
  return <Link to={to}>{formatMoney(sum)}</Link>;
}

// Who did it on that day, and is no test account: asked as its end, since its beginning. A day of
// the calendar has 23 or 25 hours where clocks change.
function addressOf({ day, at }: RevenueDay, event = "order_paid"): string {
  return questionAddress({ rule: `did ${event} since ${day}`, ...(at === null ? {} : { at }) });
}
