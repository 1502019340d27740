import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./bar_chart.module.css";
import { DayBelow, FLOOR, type Frame, frameOf, HEIGHT, indexAt, Lines } from "./chart_frame";
import { useWidth } from "./use_width";
import { WaitingBox } from "./waiting_box";

export interface Bar {
  // A day: "2026-11-22".
  label: string;
  value: number;
  // Its period has not ended: hatched.
  unfinished: boolean;
}

interface Props {
  // What a reader hears in place of the picture.
  label: string;
  // Of the axis of values.
  unit: string;
  bars: readonly Bar[];
  // Said beside the value of a bar whose period has not ended.
  unfinished: string;
  onOpen(index: number): void;
}

// Columns from zero, one a period. The picture is for eyes and pointers: whoever shows it offers
// the same numbers as a table with links, too.
export function BarChart({ label, unit, bars, unfinished, onOpen }: Props) {
  const { i18n } = useTranslation();
  const [place, width] = useWidth();
  const [pointed, setPointed] = useState<number>();
  const short = (value: number) =>
    roundedCount(value, i18n.language) || formatCount(value, i18n.language);
  const frame = frameOf(
    bars.map(({ value }) => value),
    width,
    short,
  );
  const bar = pointed === undefined ? undefined : bars[pointed];
  return (
    <div ref={place} className={styles.frame}>
      <svg
        role="img"
        aria-label={label}
        className={styles.chart}
        data-pointed={bar !== undefined}
        width={width}
        height={HEIGHT}
        onPointerMove={(event) => setPointed(indexAt(event, frame))}
        onPointerLeave={() => setPointed(undefined)}
        onPointerUp={(event) => {
          const index = indexAt(event, frame);
          if (index !== undefined) onOpen(index);
        }}
      >
        <Lines frame={frame} unit={unit} short={short} />
        <Columns frame={frame} bars={bars} pointed={pointed} />
      </svg>
      {bar && (
        <p
          className={styles.hint}
          aria-hidden
          data-left={frame.middleOf(pointed ?? 0) > width / 2}
          style={{ left: frame.middleOf(pointed ?? 0) }}
        >
          {bar.label}
          {bar.unfinished && ` (${unfinished})`}
          <br />
          {formatCount(bar.value, i18n.language)} {unit}
        </p>
      )}
    </div>
  );
}

// In its place while the figures are on their way.
export function ChartSkeleton() {
  return <WaitingBox className={styles.waiting} />;
}

const BAR_MAX = 24;

interface ColumnsProps {
  frame: Frame;
  bars: readonly Bar[];
  pointed: number | undefined;
}

function Columns({ frame, bars, pointed }: ColumnsProps) {
  const { room, middleOf, heightOf } = frame;
  const wide = Math.min(BAR_MAX, room * 0.7);
  const hatch = useId();
  return (
    <>
      <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse">
        <path className={styles.hatch} d="M-1,1 l2,-2 M0,4 l4,-4 M3,5 l2,-2" />
      </pattern>
      {bars.map(({ label, value, unfinished }, index) => (
        <g key={label}>
          <rect
            className={styles.bar}
            data-day={label}
            data-unfinished={unfinished}
            data-pointed={index === pointed}
            x={middleOf(index) - wide / 2}
            y={FLOOR - heightOf(value)}
            width={wide}
            height={heightOf(value)}
            rx={2}
            {...(unfinished ? { fill: `url(#${hatch})` } : {})}
          />
          <DayBelow day={label} {...{ index, frame }} />
        </g>
      ))}
    </>
  );
}
