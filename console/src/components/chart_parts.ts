// The parts of ECharts the console uses, and the one way it draws columns. Loaded when a chart is
// shown. Nothing here writes HTML: the page's content policy has no styles but its own.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export interface Bar {
  label: string;
  value: number;
  // Its period has not ended: hatched.
  unfinished: boolean;
}

export interface Bars {
  bars: readonly Bar[];
  unit: string;
  unfinished: string;
  formatted(value: number): string;
  // Of the axis.
  rounded(value: number): string;
  colors: { bar: string; text: string; line: string; surface: string };
  font: string;
}

export interface Chart {
  show(bars: Bars): void;
  resize(): void;
  dispose(): void;
}

const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 };

// Draws into `place`; `onOpen`: a bar was pressed.
export function barChart(place: HTMLElement, onOpen: (index: number) => void): Chart {
  const chart = init(place, null, { renderer: "canvas" });
  chart.on("click", ({ dataIndex }) => onOpen(dataIndex));
  return {
    show: (bars) => chart.setOption(optionOf(bars), { notMerge: true }),
    resize: () => chart.resize(),
    dispose: () => chart.dispose(),
  };
}

function optionOf({ bars, unit, unfinished, formatted, rounded, colors, font }: Bars) {
  const text = { color: colors.text, fontFamily: font, fontSize: 12 };
  return {
    animation: false,
    textStyle: text,
    // For hatching; what readers hear is the caller's own label.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    grid: { left: 8, right: 8, top: 32, bottom: 4, containLabel: true },
    xAxis: {
      type: "category",
      data: bars.map(({ label }) => label.slice(5)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.line } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      name: unit,
      nameTextStyle: { ...text, align: "left" },
      minInterval: 1,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { ...text, formatter: rounded },
    },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      axisPointer: { type: "shadow" },
      backgroundColor: colors.surface,
      borderColor: colors.line,
      textStyle: text,
      formatter: (shown: unknown) => {
        const [{ dataIndex }] = shown as [{ dataIndex: number }];
        const bar = bars[dataIndex] as Bar;
        const note = bar.unfinished ? ` (${unfinished})` : "";
        return `${bar.label}${note}\n${formatted(bar.value)} ${unit}`;
      },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 24,
        barCategoryGap: "30%",
        cursor: "pointer",
        data: bars.map(({ value, unfinished: open }) => ({
          value,
          itemStyle: {
            color: colors.bar,
            opacity: open ? 0.6 : 1,
            borderRadius: [3, 3, 0, 0],
            decal: open ? { ...HATCH, color: colors.surface } : { symbol: "none" },
          },
        })),
      },
    ],
  };
}
