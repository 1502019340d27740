import { type PointerEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { isWritten, stepsTo } from "@/text/axis";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./up_down_chart.module.css";
import { useWidth } from "./use_width";

export interface UpDown {
  // A day: "2026-11-22".
  label: string;
  up: number;
  down: number;
  // Its period has not ended: hatched.
  unfinished: boolean;
}

export type Direction = "up" | "down";

interface Props {
  // What a reader hears in place of the picture.
  label: string;
  // What goes up and what goes down.
  words: Record<Direction, string>;
  days: readonly UpDown[];
  // Said beside the values of a day that has not ended.
  unfinished: string;
  onOpen(index: number, direction: Direction): void;
}

// Columns up and down from one line, a pair for each day, by one scale. The picture is for eyes and
// pointers: whoever shows it offers the same numbers as a table with links, too.
export function UpDownChart({ label, words, days, unfinished, onOpen }: Props) {
  const { i18n } = useTranslation();
  const [place, width] = useWidth();
  const [pointed, setPointed] = useState<number>();
  const short = (value: number) =>
    roundedCount(value, i18n.language) || formatCount(value, i18n.language);
  const frame = frameOf(days, width, short);
  const day = pointed === undefined ? undefined : days[pointed];
  return (
    <div ref={place} className={styles.frame}>
      <svg
        role="img"
        aria-label={label}
        className={styles.chart}
        data-pointed={day !== undefined}
        width={width}
        height={HEIGHT}
        onPointerMove={(event) => setPointed(placeAt(event, frame)?.index)}
        onPointerLeave={() => setPointed(undefined)}
        onPointerUp={(event) => {
          const at = placeAt(event, frame);
          if (at) onOpen(at.index, at.direction);
        }}
      >
        <Lines frame={frame} words={words} short={short} />
        <Columns frame={frame} days={days} pointed={pointed} />
      </svg>
      {day && (
        <p
          className={styles.hint}
          aria-hidden
          data-left={frame.middleOf(pointed ?? 0) > width / 2}
          style={{ left: frame.middleOf(pointed ?? 0) }}
        >
          {day.label}
          {day.unfinished && ` (${unfinished})`}
          <br />
          {words.up} {formatCount(day.up, i18n.language)}
          <br />
          {words.down} {formatCount(day.down, i18n.language)}
        </p>
      )}
    </div>
  );
}

const HEIGHT = 200;
const TOP = 24;
const BOTTOM = HEIGHT - 24;
const RIGHT = 20;
// On the larger side of the line.
const LINES = 2;
const BAR_MAX = 24;
// A label of twelve pixels' type: a figure or a letter, and a month with its day.
const LETTER = 8;
const DAY = 44;

type Frame = ReturnType<typeof frameOf>;

// Where everything stands in a picture so many pixels wide.
function frameOf(days: readonly UpDown[], width: number, short: (value: number) => string) {
  const most = (values: readonly number[]) => Math.max(0, ...values);
  const ups = most(days.map(({ up }) => up));
  const downs = most(days.map(({ down }) => down));
  const steps = stepsTo(Math.max(ups, downs), LINES);
  // As far as there is something, one step at least.
  const reaching = (value: number) =>
    steps.filter((_, at) => at < 2 || (steps[at - 1] ?? 0) < value);
  const above = reaching(ups);
  const below = reaching(downs);
  const left = 12 + LETTER * Math.max(...steps.map((step) => short(step).length));
  const right = Math.max(left + 1, width - RIGHT);
  const room = (right - left) / Math.max(1, days.length);
  const scale = (BOTTOM - TOP) / ((above.at(-1) ?? 1) + (below.at(-1) ?? 1));
  return {
    above,
    below: below.slice(1),
    line: TOP + scale * (above.at(-1) ?? 1),
    left,
    right,
    room,
    count: days.length,
    wide: Math.min(BAR_MAX, room * 0.7),
    middleOf: (index: number) => left + room * (index + 0.5),
    heightOf: (value: number) => scale * value,
  };
}

function placeAt(event: PointerEvent<SVGElement>, { left, room, count, line }: Frame) {
  const box = event.currentTarget.getBoundingClientRect();
  const index = Math.floor((event.clientX - box.left - left) / room);
  if (!(index >= 0 && index < count)) return undefined;
  const direction: Direction = event.clientY - box.top <= line ? "up" : "down";
  return { index, direction };
}

interface LinesProps {
  frame: Frame;
  words: Record<Direction, string>;
  short(value: number): string;
}

function Lines({ frame, words, short }: LinesProps) {
  const { above, below, line, left, right, heightOf } = frame;
  const marks = [
    ...above.map((step) => ({ step, y: line - heightOf(step) })),
    ...below.map((step) => ({ step, y: line + heightOf(step) })),
  ];
  return (
    <>
      <text className={styles.text} x={4} y={12}>
        {words.up}
      </text>
      <text className={styles.text} x={4} y={HEIGHT - 4}>
        {words.down}
      </text>
      {marks.map(({ step, y }) => (
        <g key={y}>
          <line className={styles.line} data-zero={step === 0} x1={left} x2={right} y1={y} y2={y} />
          <text className={styles.text} x={left - 8} y={y + 4} textAnchor="end">
            {short(step)}
          </text>
        </g>
      ))}
    </>
  );
}

interface ColumnsProps {
  frame: Frame;
  days: readonly UpDown[];
  pointed: number | undefined;
}

function Columns({ frame, days, pointed }: ColumnsProps) {
  const { room, wide, line, middleOf, heightOf } = frame;
  const hatch = useId();
  return (
    <>
      {(["up", "down"] as const).map((direction) => (
        <pattern
          key={direction}
          id={`${hatch}${direction}`}
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
        >
          <path
            className={styles.hatch}
            data-direction={direction}
            d="M-1,1 l2,-2 M0,4 l4,-4 M3,5 l2,-2"
          />
        </pattern>
      ))}
      {days.map(({ label, up, down, unfinished }, index) => (
        <g key={label} data-pointed={index === pointed} className={styles.pair}>
          {[["up", up] as const, ["down", down] as const].map(([direction, value]) => (
            <rect
              key={direction}
              className={styles.bar}
              data-direction={direction}
              data-day={label}
              data-unfinished={unfinished}
              x={middleOf(index) - wide / 2}
              y={direction === "up" ? line - heightOf(value) : line}
              width={wide}
              height={heightOf(value)}
              rx={2}
              {...(unfinished ? { fill: `url(#${hatch}${direction})` } : {})}
            />
          ))}
          {isWritten(index, days.length, { room, wide: DAY }) && (
            <text className={styles.text} x={middleOf(index)} y={HEIGHT - 6} textAnchor="middle">
              {label.slice(5)}
            </text>
          )}
        </g>
      ))}
    </>
  );
}
