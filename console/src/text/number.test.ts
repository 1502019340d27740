import { formatCount, roundedCount } from "./number";

describe("figures", () => {
  it("separates thousands", () => {
    expect(formatCount(0, "zh-CN")).toBe("0");
    expect(formatCount(1234567, "zh-CN")).toBe("1,234,567");
    expect(formatCount(1234567, "en")).toBe("1,234,567");
  });

  it("says 万 and 亿 in Chinese only where they are large", () => {
    expect(roundedCount(9_999, "zh-CN")).toBe("");
    expect(roundedCount(12_345, "zh-CN")).toBe("1.2万");
    expect(roundedCount(1_234_567, "zh-CN")).toBe("123.5万");
    expect(roundedCount(99_999_999, "zh-CN")).toBe("1亿");
    expect(roundedCount(123_456_789, "zh-CN")).toBe("1.2亿");
  });

  it("is compact in English", () => {
    expect(roundedCount(9_999, "en")).toBe("");
    expect(roundedCount(1_234_567, "en")).toBe("1.2M");
  });
});
