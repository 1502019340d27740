import { daysUpTo } from "./days";

describe("days of a trend", () => {
  it("end at the midnight after them, but for today", () => {
    expect(daysUpTo("2026-03-02", 3)).toEqual([
      { day: "2026-02-28", at: "2026-03-01T00:00" },
      { day: "2026-03-01", at: "2026-03-02T00:00" },
      { day: "2026-03-02", at: null },
    ]);
  });
});
