import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { AsOf } from "@/components/as_of";
import { BarChart, ChartSkeleton } from "@/components/bar_chart";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { Segments } from "@/components/segments";
import { questionAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { TREND_DAYS, type TrendPoint, type TrendUntil, useTrend } from "./asking";
import { DaysTable } from "./days_table";
import styles from "./days_table.module.css";
import { FIGURES, type Figure } from "./figures";

interface Props {
  figure: Figure;
  onChoose(name: string): void;
}

// One figure at the end of each of the last days. Every bar opens the question of its day.
export function Trend({ figure, onChoose }: Props) {
  const { t } = useTranslation();
  const trend = useTrend(figure);
  return (
    <Panel
      title={t("home.trend_days", { days: TREND_DAYS })}
      testId="trend"
      actions={
        <Segments
          label={t("home.trend")}
          value={figure.name}
          options={FIGURES.map(({ name }) => ({
            value: name,
            label: t(`home.figure.${name}.label`),
          }))}
          onChange={onChoose}
        />
      }
    >
      {trend.data ? (
        <Days figure={figure} trend={trend.data} />
      ) : trend.isError ? (
        <ProblemAlert error={trend.error} retry={() => trend.refetch()} />
      ) : (
        <ChartSkeleton />
      )}
    </Panel>
  );
}

interface DaysProps {
  figure: Figure;
  trend: TrendUntil;
}

function Days({ figure: { name, rule }, trend }: DaysProps) {
  const { points } = trend;
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const addressOf = ({ at }: TrendPoint) => questionAddress({ rule, at });
  const label = t(`home.figure.${name}.label`);
  return (
    <>
      <BarChart
        label={t("home.trend_of", { figure: label, days: TREND_DAYS })}
        unit={t("home.unit")}
        bars={points.map(({ day, at, count }) => ({
          label: day,
          value: count,
          unfinished: at === null,
        }))}
        unfinished={t("home.so_far")}
        onOpen={(index) => {
          const point = points[index];
          if (point) void navigate(addressOf(point));
        }}
      />
      <p className={styles.note}>{t("home.trend_note")}</p>
      <AsOf answer={trend} />
      <DaysTable
        days={points}
        heads={[label]}
        cellsOf={(point) => [
          <Link key="count" to={addressOf(point)}>
            {formatCount(point.count, i18n.language)}
          </Link>,
        ]}
      />
    </>
  );
}
