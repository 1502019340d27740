import { fireEvent, render, screen } from "@testing-library/react";
import { type Direction, UpDownChart } from "./up_down_chart";

const DAYS = [
  { label: "2026-11-22", up: 90, down: 0, unfinished: false },
  { label: "2026-11-23", up: 10, down: 30, unfinished: true },
];

function drawn(onOpen: (index: number, direction: Direction) => void = () => {}) {
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, value: 400 });
  render(
    <UpDownChart
      label="moves"
      words={{ up: "in", down: "out" }}
      days={DAYS}
      unfinished="so far"
      onOpen={onOpen}
    />,
  );
  // jsdom's own again.
  delete (HTMLElement.prototype as { clientWidth?: number }).clientWidth;
  return screen.getByRole("img", { name: "moves" });
}

const numberOf = (rect: Element | undefined, name: string) => Number(rect?.getAttribute(name));

describe("columns up and down", () => {
  it("stand on one line, by one scale", () => {
    const rects = [...drawn().querySelectorAll("rect")];
    const [up, none, small, down] = rects;
    expect(rects).toHaveLength(4);
    const line = numberOf(up, "y") + numberOf(up, "height");
    expect(numberOf(small, "y") + numberOf(small, "height")).toBeCloseTo(line);
    expect(numberOf(down, "y")).toBeCloseTo(line);
    expect(numberOf(none, "height")).toBe(0);
    expect(numberOf(up, "height") / numberOf(down, "height")).toBeCloseTo(3);
  });

  it("tell which day and which way was pressed", () => {
    const opened: unknown[] = [];
    const picture = drawn((...pressed) => opened.push(pressed));
    // jsdom's own pointer events are nowhere.
    const press = (at: MouseEventInit) =>
      fireEvent(picture, new MouseEvent("pointerup", { bubbles: true, ...at }));
    press({ clientX: 100, clientY: 30 });
    press({ clientX: 350, clientY: 170 });
    press({ clientX: 2, clientY: 30 });
    expect(opened).toEqual([
      [0, "up"],
      [1, "down"],
    ]);
  });
});
