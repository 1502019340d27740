import { ribbonPath, riverShape } from "./river_shape";

const FLOWS = [
  { from: "a", to: "a", customers: 60 },
  { from: "a", to: "b", customers: 20 },
  { from: "new", to: "a", customers: 15 },
  { from: "", to: "b", customers: 5 },
  { from: "", to: "", customers: 100_000 },
];

describe("the shape of a river", () => {
  const { left, right, ribbons } = riverShape(["a", "b"], FLOWS);

  it("puts newcomers first and those of no stage last, and leaves out who stays outside", () => {
    expect(left.map(({ key, customers }) => [key, customers])).toEqual([
      ["new", 15],
      ["a", 80],
      ["", 5],
    ]);
    expect(right.map(({ key, customers }) => [key, customers])).toEqual([
      ["a", 75],
      ["b", 25],
    ]);
  });

  it("draws ribbons side by side, none over another, as high as their banks", () => {
    for (const [banks, end] of [
      [left, "left"],
      [right, "right"],
    ] as const) {
      for (const { key, y, height } of banks) {
        const own = ribbons.filter(({ from, to }) => key === (end === "left" ? from : to));
        const ends = own.toSorted((one, other) => one[end] - other[end]);
        expect(ends[0]?.[end]).toBe(y);
        ends.slice(1).forEach((ribbon, at) => {
          const above = ends[at];
          expect(ribbon[end]).toBeCloseTo((above?.[end] ?? 0) + (above?.wide ?? 0));
        });
        const last = ends.at(-1);
        expect((last?.[end] ?? 0) + (last?.wide ?? 0)).toBeCloseTo(y + height);
      }
    }
  });

  it("leaves room for the words of the smallest", () => {
    const [, , none] = left;
    expect(none?.height).toBeLessThan(none?.slot ?? 0);
    expect(riverShape(["a"], []).height).toBe(0);
  });

  it("has an outline that ends where it begins, and is never thinner than a pixel", () => {
    const path = ribbonPath(
      { from: "a", to: "b", customers: 1, left: 10, right: 50, wide: 0.2 },
      0,
      100,
    );
    expect(path).toBe("M0,10 C50,10 50,50 100,50 V51 C50,51 50,11 0,11 Z");
  });
});
