import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, roundedCount } from "@/text/number";
import { DayBelow, FLOOR, type Frame, frameOf, HEIGHT, indexAt, Lines } from "./chart_frame";
import styles from "./stack_chart.module.css";
import { StageLegend } from "./stage_bar";
import { stageColours } from "./stage_colour";
import { useWidth } from "./use_width";

export interface Stack {
  // A day: "2026-11-22".
  label: string;
  // Of each part in its order.
  values: readonly number[];
  // Its period has not ended: hatched.
  unfinished: boolean;
}

interface Props {
  // What a reader hears in place of the picture.
  label: string;
  unit: string;
  // Stages, the first at the bottom.
  parts: readonly { key: string; label: string }[];
  stacks: readonly Stack[];
  unfinished: string;
  onOpen(index: number): void;
}

// Columns of parts, one a period. The picture is for eyes and pointers: whoever shows it offers the
// same numbers as a table, too.
export function StackChart({ label, unit, parts, stacks, unfinished, onOpen }: Props) {
  const { i18n } = useTranslation();
  const [place, width] = useWidth();
  const [pointed, setPointed] = useState<number>();
  const short = (value: number) =>
    roundedCount(value, i18n.language) || formatCount(value, i18n.language);
  const frame = frameOf(stacks.map(total), width, short);
  const stack = pointed === undefined ? undefined : stacks[pointed];
  const colourOf = stageColours(parts.map(({ key }) => key));
  return (
    <>
      <div ref={place} className={styles.frame}>
        <svg
          role="img"
          aria-label={label}
          className={styles.chart}
          data-pointed={stack !== undefined}
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
          <Stacks {...{ frame, stacks, pointed }} colours={parts.map(({ key }) => colourOf(key))} />
        </svg>
        {stack && (
          <div
            className={styles.hint}
            aria-hidden
            data-left={frame.middleOf(pointed ?? 0) > width / 2}
            style={{ left: frame.middleOf(pointed ?? 0) }}
          >
            {stack.label}
            {stack.unfinished && ` (${unfinished})`}
            <ul>
              {parts.map((part, index) => (
                <li key={part.key}>
                  <i style={{ background: colourOf(part.key) }} />
                  {part.label} {formatCount(stack.values[index] ?? 0, i18n.language)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
      <StageLegend stages={parts} />
    </>
  );
}

const WIDE_MAX = 32;

const total = ({ values }: Stack) => values.reduce((sum, value) => sum + value, 0);

interface StacksProps {
  frame: Frame;
  stacks: readonly Stack[];
  colours: readonly string[];
  pointed: number | undefined;
}

function Stacks({ frame, stacks, colours, pointed }: StacksProps) {
  const hatch = useId();
  const { room, middleOf, heightOf } = frame;
  const wide = Math.min(WIDE_MAX, room * 0.78);
  return (
    <>
      <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse">
        <path className={styles.hatch} d="M-1,1 l2,-2 M0,4 l4,-4 M3,5 l2,-2" />
      </pattern>
      {stacks.map((stack, index) => {
        const { label, values, unfinished } = stack;
        let below = 0;
        return (
          <g key={label} className={styles.stack} data-day={label} data-pointed={index === pointed}>
            {values.map((value, part) => {
              below += value;
              return (
                <rect
                  key={part}
                  x={middleOf(index) - wide / 2}
                  y={FLOOR - heightOf(below)}
                  width={wide}
                  height={heightOf(value)}
                  style={{ fill: colours[part] }}
                />
              );
            })}
            {unfinished && (
              <rect
                data-unfinished
                x={middleOf(index) - wide / 2}
                y={FLOOR - heightOf(total(stack))}
                width={wide}
                height={heightOf(total(stack))}
                fill={`url(#${hatch})`}
              />
            )}
            <DayBelow day={label} {...{ index, frame }} />
          </g>
        );
      })}
    </>
  );
}
