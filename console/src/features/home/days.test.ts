import { daysUpTo, lagOf } from "./days";

describe("days of a trend", () => {
  it("end at the midnight after them, but for today", () => {
    expect(daysUpTo("2026-03-02", 3)).toEqual([
      { day: "2026-02-28", at: "2026-03-01T00:00" },
      { day: "2026-03-01", at: "2026-03-02T00:00" },
      { day: "2026-03-02", at: null },
    ]);
  });
});

describe("the memory's lag", () => {
  it("is told in places of the log where they can be counted", () => {
    expect(lagOf("12", "12")).toBe(0);
    expect(lagOf("15", "12")).toBe(3);
    // The memory went on reading after the log was asked.
    expect(lagOf("12", "15")).toBe(0);
    expect(lagOf("1-40-2", "1-40-2")).toBe(0);
    expect(lagOf("1-40-2", "1-37-9")).toBeNull();
    expect(lagOf("1-40-2", "1-41-1")).toBe(0);
  });
});
