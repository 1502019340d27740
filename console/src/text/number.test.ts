import { formatBytes, formatCount, formatSpan, roundedCount } from "./number";

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

describe("sizes and spans", () => {
  it("are in the largest unit that is full", () => {
    expect(formatBytes(0, "en")).toBe("0 B");
    expect(formatBytes(1023, "en")).toBe("1,023 B");
    expect(formatBytes(1024, "en")).toBe("1 KiB");
    expect(formatBytes(2_410_000_000, "en")).toBe("2.2 GiB");
    expect(formatBytes(64_000_000, "en")).toBe("61 MiB");
  });

  it("have their two largest parts", () => {
    expect(formatSpan(0, "en")).toBe("0 seconds");
    expect(formatSpan(59, "en")).toBe("59 seconds");
    expect(formatSpan(3_600, "en")).toBe("1 hour");
    expect(formatSpan(90_061, "en")).toBe("1 day 1 hour");
    expect(formatSpan(1_115_640, "zh-CN")).toBe("12 天 21 小时");
  });
});
