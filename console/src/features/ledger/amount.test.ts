import { amountFrom, type Counted, formatAmount, formatDifference } from "./amount";

const POINTS: Counted = { kind: "points", scale: 0 };
const MONEY: Counted = { kind: "stored_value", scale: 2 };

describe("amounts", () => {
  it("are written with every digit, money as money", () => {
    expect(formatAmount(1234567, MONEY, "zh-CN")).toBe("¥12,345.67");
    expect(formatAmount(-5, MONEY, "en")).toBe("−¥0.05");
    expect(formatAmount(1000, POINTS, "en")).toBe("1,000");
    expect(formatAmount(100_000_000_000_000, { kind: "budget", scale: 6 }, "en")).toBe(
      "100,000,000.000000",
    );
    expect(formatDifference(5, POINTS, "en")).toBe("+5");
    expect(formatDifference(124_000, MONEY, "en")).toBe("+¥1,240.00");
    expect(formatDifference(-5, POINTS, "en")).toBe("−5");
    expect(formatDifference(0, POINTS, "en")).toBe("0");
  });

  it("are read with no more digits than there are", () => {
    expect(amountFrom("12.5", 2)).toBe(1250);
    expect(amountFrom(" -3 ", 0)).toBe(-3);
    expect(amountFrom("−3", 0)).toBe(-3);
    expect(amountFrom("+7", 0)).toBe(7);
    expect(amountFrom("0.001", 2)).toBeNull();
    for (const text of ["", "1e3", "a", "1,000", "99999999999999"]) {
      expect(amountFrom(text, 0)).toBeNull();
    }
  });
});
