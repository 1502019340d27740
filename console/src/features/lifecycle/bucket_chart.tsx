import { useTranslation } from "react-i18next";
import { useWidth } from "@/components/use_width";
import { formatShare } from "@/text/number";
import styles from "./rhythm.module.css";
import type { Calibration } from "./types";

const HEIGHT = 260;
const LEFT = 48;
const FOOT = 40;
const TOP = 12;
const RIGHT = 16;
const STEPS = [0, 0.25, 0.5, 0.75, 1];
const RADIUS = { least: 3, most: 12 };

// Buckets of people by what was expected of them (across) and what they did (up): on the diagonal
// what was said came true. The larger a point, the more people.
export function BucketChart({ buckets }: { buckets: Calibration["buckets"] }) {
  const { t, i18n } = useTranslation();
  const [place, width] = useWidth();
  const shown = buckets.filter(({ customers }) => customers > 0);
  const most = Math.max(1, ...shown.map(({ customers }) => customers));
  const right = Math.max(LEFT + 1, width - RIGHT);
  const x = (share: number) => LEFT + (right - LEFT) * share;
  const y = (share: number) => HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * share;
  const label = (share: number) => formatShare(share, i18n.language, 0);
  const told = ({ p_alive_from, p_alive_to, ...shares }: Calibration["buckets"][number]) =>
    [
      `${label(p_alive_from)}\u2013${label(p_alive_to)}:`,
      label(shares.share_expected_to_buy),
      "\u2192",
      label(shares.share_that_bought),
    ].join(" ");
  return (
    <div ref={place} className={styles.chart}>
      <svg role="img" aria-label={t("calibration.buckets")} width={width} height={HEIGHT}>
        {STEPS.map((step) => (
          <g key={step}>
            <line className={styles.line} x1={LEFT} x2={right} y1={y(step)} y2={y(step)} />
            <text className={styles.text} x={LEFT - 6} y={y(step) + 4} textAnchor="end">
              {label(step)}
            </text>
            <text className={styles.text} x={x(step)} y={HEIGHT - FOOT + 16} textAnchor="middle">
              {label(step)}
            </text>
          </g>
        ))}
        <text className={styles.text} x={right} y={HEIGHT - 4} textAnchor="end">
          {t("calibration.expected_to_buy")}
        </text>
        <line className={styles.diagonal} x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
        {shown.map((bucket) => (
          <circle
            key={bucket.p_alive_from}
            className={styles.point}
            cx={x(bucket.share_expected_to_buy)}
            cy={y(bucket.share_that_bought)}
            r={RADIUS.least + (RADIUS.most - RADIUS.least) * Math.sqrt(bucket.customers / most)}
          >
            <title>{told(bucket)}</title>
          </circle>
        ))}
      </svg>
    </div>
  );
}
