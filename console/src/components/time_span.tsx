import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./time_span.module.css";

interface Span {
  from: number;
  to: number;
}

interface Props {
  // Where the ends can stand, the earliest first: days ("2026-11-22"), the last in words.
  places: readonly string[];
  value: Span;
  // Once an end is let go, and at every key.
  onChange(span: Span): void;
}

const WEEK = 7;

// A small axis of time with two ends that are dragged or moved by the arrows; the first stays
// before the second.
export function TimeSpan({ places, value, onChange }: Props) {
  const { t } = useTranslation();
  const track = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<Span | null>(null);
  const shown = dragged ?? value;
  const last = places.length - 1;
  const shareOf = (place: number) => (last > 0 ? place / last : 0);

  const moved = (end: keyof Span, place: number): Span =>
    end === "from"
      ? { ...shown, from: Math.max(0, Math.min(place, shown.to - 1)) }
      : { ...shown, to: Math.min(last, Math.max(place, shown.from + 1)) };
  const onKeyDown = (end: keyof Span) => (event: KeyboardEvent) => {
    const place = placeAfter(event.key, shown[end], last);
    if (place === undefined) return;
    event.preventDefault();
    onChange(moved(end, place));
  };
  const onPointerMove = (end: keyof Span) => (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = track.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    setDragged(moved(end, Math.round(((event.clientX - box.left) / box.width) * last)));
  };
  const onPointerUp = () => {
    if (dragged) onChange(dragged);
    setDragged(null);
  };

  return (
    <div className={styles.span}>
      <div ref={track} className={styles.track}>
        <div
          className={styles.between}
          style={{ "--from": shareOf(shown.from), "--to": shareOf(shown.to) } as CSSProperties}
        />
        {(["from", "to"] as const).map((end) => (
          <div
            key={end}
            role="slider"
            tabIndex={0}
            className={styles.end}
            aria-label={t(`time_span.${end}`)}
            aria-valuemin={0}
            aria-valuemax={last}
            aria-valuenow={shown[end]}
            aria-valuetext={places[shown[end]] ?? ""}
            data-side={shareOf(shown[end]) > 0.5 ? "right" : "left"}
            style={{ left: `${100 * shareOf(shown[end])}%` }}
            onKeyDown={onKeyDown(end)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={onPointerMove(end)}
            onPointerUp={onPointerUp}
            onPointerCancel={() => setDragged(null)}
          >
            {dragged && <span className={styles.told}>{places[shown[end]]}</span>}
          </div>
        ))}
      </div>
      <div className={styles.limits} aria-hidden>
        <span>{places[0]}</span>
        <span>{places.at(-1)}</span>
      </div>
    </div>
  );
}

function placeAfter(key: string, place: number, last: number): number | undefined {
  return {
    ArrowLeft: place - 1,
    ArrowDown: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place + 1,
    PageDown: place - WEEK,
    PageUp: place + WEEK,
    Home: 0,
    End: last,
  }[key];
}
