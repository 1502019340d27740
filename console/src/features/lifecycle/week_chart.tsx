import { useTranslation } from "react-i18next";
import { DayBelow, FLOOR, frameOf, HEIGHT, Lines } from "@/components/chart_frame";
import { useWidth } from "@/components/use_width";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./rhythm.module.css";
import type { Calibration } from "./types";

const WIDE_MAX = 20;

// Purchases of each week held back: columns are what happened, the line is what was expected.
export function WeekChart({ weeks }: { weeks: Calibration["weekly"] }) {
  const { t, i18n } = useTranslation();
  const [place, width] = useWidth();
  const short = (value: number) =>
    roundedCount(value, i18n.language) || formatCount(value, i18n.language);
  const frame = frameOf(
    weeks.map(({ expected, actual }) => Math.max(expected, actual)),
    width,
    short,
  );
  const wide = Math.min(WIDE_MAX, frame.room * 0.6);
  const points = weeks.map(
    ({ expected }, index) => `${frame.middleOf(index)},${FLOOR - frame.heightOf(expected)}`,
  );
  return (
    <div ref={place} className={styles.chart}>
      <svg role="img" aria-label={t("calibration.weekly")} width={width} height={HEIGHT}>
        <Lines frame={frame} unit={t("calibration.orders")} short={short} />
        {weeks.map(({ week, actual }, index) => (
          <g key={week}>
            <rect
              className={styles.actual}
              x={frame.middleOf(index) - wide / 2}
              y={FLOOR - frame.heightOf(actual)}
              width={wide}
              height={frame.heightOf(actual)}
              rx={2}
            />
            <DayBelow day={String(week)} {...{ index, frame }} />
          </g>
        ))}
        <polyline className={styles.expected} points={points.join(" ")} />
      </svg>
      <ul className={styles.legend}>
        <li data-kind="actual">{t("calibration.actual")}</li>
        <li data-kind="expected">{t("calibration.expected")}</li>
      </ul>
    </div>
  );
}
