import { useTranslation } from "react-i18next";
import { Moment } from "@/components/moment";
import { formatChange, formatCount } from "@/text/number";
import { SIZE_DAYS, type SizesUntil } from "./asking";
import styles from "./size_line.module.css";

const WIDTH = 120;
const HEIGHT = 32;
const MARGIN = 3;

// Size over time, small: its shape, and in words where it came from and where it is.
export function SizeLine({ sizes, at, fresh }: SizesUntil) {
  const { t, i18n } = useTranslation();
  const first = sizes[0]?.count ?? 0;
  const last = sizes.at(-1)?.count ?? 0;
  const change = formatChange(first, last, i18n.language);
  const label = t("audience.size_line", {
    days: SIZE_DAYS,
    first: formatCount(first, i18n.language),
    last: formatCount(last, i18n.language),
  });
  const points = pointsOf(sizes.map(({ count }) => count));
  const [x, y] = points.at(-1) ?? [0, 0];
  return (
    <span className={styles.line}>
      <svg
        role="img"
        aria-label={label}
        width={WIDTH}
        height={HEIGHT}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      >
        <title>{label}</title>
        <polyline
          className={styles.path}
          points={points.map((point) => point.join(",")).join(" ")}
        />
        <circle className={styles.end} cx={x} cy={y} r={2.5} />
      </svg>
      <span className={styles.change}>{change}</span>
      <small className={styles.at} title={fresh ? undefined : t("question.behind")}>
        <Moment value={at} />
        {!fresh && "…"}
      </small>
    </span>
  );
}

// From the least to the most; all the same stands in the middle.
export function pointsOf(counts: readonly number[]): [number, number][] {
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, counts.length - 1);
  const height = HEIGHT - 2 * MARGIN;
  return counts.map((count, index) => {
    const share = most === least ? 0.5 : (count - least) / (most - least);
    return [round(MARGIN + index * step), round(MARGIN + height * (1 - share))];
  });
}

const round = (value: number) => Math.round(value * 10) / 10;
