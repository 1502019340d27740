import { formatMoney, formatValue } from "./value";

const how = {
  zone: "Asia/Shanghai",
  words: { unknown: "?", yes: "yes", no: "no", separator: ", " },
};

describe("values", () => {
  it("writes money without rounding", () => {
    expect(formatMoney("1234.50")).toBe("¥1,234.50");
    expect(formatMoney("-0.05")).toBe("-¥0.05");
    expect(formatMoney("90071992547409.91")).toBe("¥90,071,992,547,409.91");
  });

  it("follows the type", () => {
    expect(formatValue("12.5", "money", how)).toBe("¥12.5");
    expect(formatValue(1234567, "int", how)).toBe("1,234,567");
    expect(formatValue("-1234.5", "decimal", how)).toBe("-1,234.5");
    expect(formatValue("13800138000", "text", how)).toBe("13800138000");
    expect(formatValue("--05-17", "date", how)).toBe("05-17");
    expect(formatValue("2026-01-31T00:00:00.000Z", "time", how)).toBe("2026-01-31 08:00");
    expect(formatValue(["a", "b"], "text_list", how)).toBe("a, b");
    expect(formatValue(true, "bool", how)).toBe("yes");
    expect(formatValue(null, "int", how)).toBe("?");
    // Masked for whoever reads.
    expect(formatValue("138****8000", "int", how)).toBe("138****8000");
  });
});
