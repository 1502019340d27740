import { dayFromNow, daysUpTo, isDay } from "./days";

describe("a day from now", () => {
  it("goes by the browser's clock", () => {
    const now = new Date(2026, 2, 1, 0, 30);
    expect(dayFromNow(0, now)).toBe("2026-03-01");
    expect(dayFromNow(-1, now)).toBe("2026-02-28");
    expect(dayFromNow(31, now)).toBe("2026-04-01");
  });
});

describe("a day in an address", () => {
  it("is one of the calendar, written so", () => {
    expect(isDay("2026-02-28")).toBe(true);
    for (const text of ["2026-02-30", "2026-2-1", "yesterday", "", "2026-02-28T00:00"]) {
      expect(isDay(text)).toBe(false);
    }
  });
});

describe("days of a trend", () => {
  it("end at the midnight after them, but for today", () => {
    expect(daysUpTo("2026-03-02", 3)).toEqual([
      { day: "2026-02-28", at: "2026-03-01T00:00" },
      { day: "2026-03-01", at: "2026-03-02T00:00" },
      { day: "2026-03-02", at: null },
    ]);
  });
});
