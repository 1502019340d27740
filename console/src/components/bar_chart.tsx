import { Skeleton, theme } from "antd";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, roundedCount } from "@/text/number";
import styles from "./bar_chart.module.css";
import type { Bar, Chart } from "./chart_parts";

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

// Columns from zero, one a period. The library is loaded when the first chart is shown. The picture
// is for eyes: whoever shows it offers the same numbers as a table, too.
export function BarChart({ label, unit, bars, unfinished, onOpen }: Props) {
  const { i18n } = useTranslation();
  const { token } = theme.useToken();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(null);
  const open = useRef(onOpen);
  const [ready, setReady] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  open.current = onOpen;

  useEffect(() => {
    let gone = false;
    import("./chart_parts")
      .then(({ barChart }) => {
        if (gone || !place.current) return;
        chart.current = barChart(place.current, (index) => open.current(index));
        setReady(true);
      })
      .catch(setFault);
    const resized = new ResizeObserver(() => chart.current?.resize());
    if (place.current) resized.observe(place.current);
    return () => {
      gone = true;
      resized.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (!ready) return;
    chart.current?.show({
      bars,
      unit,
      unfinished,
      formatted: (value) => formatCount(value, i18n.language),
      rounded: (value) => roundedCount(value, i18n.language) || formatCount(value, i18n.language),
      colors: {
        bar: token.colorPrimary,
        text: token.colorTextSecondary,
        line: token.colorBorderSecondary,
        surface: token.colorBgElevated,
      },
      font: token.fontFamily,
    });
  }, [ready, bars, unit, unfinished, i18n.language, token]);

  // A part that could not be loaded is the page's fault boundary's business.
  if (fault !== null) throw fault;
  const hidden: CSSProperties = ready ? {} : { visibility: "hidden" };
  return (
    <div className={styles.frame}>
      {!ready && <Skeleton.Node active className={styles.waiting ?? ""} />}
      <div ref={place} role="img" aria-label={label} className={styles.chart} style={hidden} />
    </div>
  );
}
