// What charts over days have in common: the axis of values, the lines, the days below.
import type { PointerEvent } from "react";
import { isWritten, stepsTo } from "@/text/axis";
import styles from "./chart_frame.module.css";

export const HEIGHT = 240;
export const FLOOR = HEIGHT - 24;
const ABOVE = 32;
const RIGHT = 20;
const LINES = 4;
// A label of twelve pixels' type: a figure or a letter, and a month with its day.
const LETTER = 8;
const DAY = 44;

export type Frame = ReturnType<typeof frameOf>;

// Where everything stands in a picture so many pixels wide, with columns of these values.
export function frameOf(
  values: readonly number[],
  width: number,
  short: (value: number) => string,
) {
  const steps = stepsTo(Math.max(0, ...values), LINES);
  const top = steps.at(-1) ?? 1;
  const left = 12 + LETTER * Math.max(...steps.map((step) => short(step).length));
  const right = Math.max(left + 1, width - RIGHT);
  const room = (right - left) / Math.max(1, values.length);
  return {
    steps,
    left,
    right,
    room,
    count: values.length,
    middleOf: (index: number) => left + room * (index + 0.5),
    heightOf: (value: number) => ((FLOOR - ABOVE) * value) / top,
  };
}

// The column below the pointer.
export function indexAt({ clientX, currentTarget }: PointerEvent, { left, room, count }: Frame) {
  const index = Math.floor((clientX - currentTarget.getBoundingClientRect().left - left) / room);
  return index >= 0 && index < count ? index : undefined;
}

interface LinesProps {
  frame: Frame;
  unit: string;
  short(value: number): string;
}

export function Lines({ frame: { steps, left, right, heightOf }, unit, short }: LinesProps) {
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

interface DayProps {
  // "2026-11-22", or what else its column is called: then written as it is.
  day: string;
  index: number;
  frame: Frame;
}

// As many as find room, the last one always.
export function DayBelow({ day, index, frame: { room, count, middleOf } }: DayProps) {
  if (!isWritten(index, count, { room, wide: DAY })) return null;
  return (
    <text className={styles.text} x={middleOf(index)} y={HEIGHT - 6} textAnchor="middle">
      {/^\d{4}-/.test(day) ? day.slice(5) : day}
    </text>
  );
}
