import { type PointerEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isWritten, stepsTo } from "@/text/axis";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./bar_chart.module.css";
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
  const frame = frameOf(bars, width, short);
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

const HEIGHT = 240;
const ABOVE = 32;
const RIGHT = 20;
const FLOOR = HEIGHT - 24;
const LINES = 4;
const BAR_MAX = 24;
// A label of twelve pixels' type: a figure or a letter, and a month with its day.
const LETTER = 8;
const DAY = 44;

type Frame = ReturnType<typeof frameOf>;

// Where everything stands in a picture so many pixels wide.
function frameOf(bars: readonly Bar[], width: number, short: (value: number) => string) {
  const steps = stepsTo(Math.max(0, ...bars.map(({ value }) => value)), LINES);
  const top = steps.at(-1) ?? 1;
  const left = 12 + LETTER * Math.max(...steps.map((step) => short(step).length));
  const right = Math.max(left + 1, width - RIGHT);
  const room = (right - left) / Math.max(1, bars.length);
  return {
    steps,
    left,
    right,
    room,
    count: bars.length,
    wide: Math.min(BAR_MAX, room * 0.7),
    middleOf: (index: number) => left + room * (index + 0.5),
    heightOf: (value: number) => ((FLOOR - ABOVE) * value) / top,
  };
}

function indexAt({ clientX, currentTarget }: PointerEvent, { left, room, count }: Frame) {
  const index = Math.floor((clientX - currentTarget.getBoundingClientRect().left - left) / room);
  return index >= 0 && index < count ? index : undefined;
}

interface LinesProps {
  frame: Frame;
  unit: string;
  short(value: number): string;
}

function Lines({ frame: { steps, left, right, heightOf }, unit, short }: LinesProps) {
  return (
    <>
      <text className={styles.text} x={4} y={14}>
        {unit}
      </text>
      {steps.map((step) => {
        const y = FLOOR - heightOf(step);
        return (
          <g key={step}>
            <line className={styles.line} x1={left} x2={right} y1={y} y2={y} />
            <text className={styles.text} x={left - 8} y={y + 4} textAnchor="end">
              {short(step)}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface ColumnsProps {
  frame: Frame;
  bars: readonly Bar[];
  pointed: number | undefined;
}

function Columns({ frame: { room, wide, middleOf, heightOf }, bars, pointed }: ColumnsProps) {
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
          {isWritten(index, bars.length, { room, wide: DAY }) && (
            <text className={styles.text} x={middleOf(index)} y={HEIGHT - 6} textAnchor="middle">
              {label.slice(5)}
            </text>
          )}
        </g>
      ))}
    </>
  );
}
