import { formatMoment, pickedWall, relativeMoment, wallTime } from "./moment";

describe("moments", () => {
  it("shows the wall clock of the workspace", () => {
    expect(wallTime("2026-01-31T00:00:00.000Z", "Asia/Shanghai")).toBe("2026-01-31T08:00:00.000");
    expect(wallTime("2026-07-01T00:00:00.000Z", "America/New_York")).toBe(
      "2026-06-30T20:00:00.000",
    );
    expect(wallTime("2026-01-31T16:00:00.000+00:00", "Asia/Shanghai")).toBe(
      "2026-02-01T00:00:00.000",
    );
  });

  it("leaves a moment without an offset as it is", () => {
    expect(wallTime("2026-01-31T08:00", "Asia/Shanghai")).toBe("2026-01-31T08:00");
  });

  it("fills a field for date and time", () => {
    expect(pickedWall("2026-01-31T00:00:00.000Z", "Asia/Shanghai")).toBe("2026-01-31T08:00");
    expect(pickedWall("2026-01-31T00:00:01.000Z", "Asia/Shanghai")).toBe("2026-01-31T08:00:01");
    expect(pickedWall("2026-01-31T00:00:00.001Z", "Asia/Shanghai")).toBe("2026-01-31T08:00:00.001");
    expect(pickedWall("2026-01-31T08:00", "Asia/Shanghai")).toBe("2026-01-31T08:00");
  });

  it("leaves out what says nothing", () => {
    const zone = "Asia/Shanghai";
    expect(formatMoment("2026-01-31T08:00:00.000+08:00", zone)).toBe("2026-01-31 08:00");
    expect(formatMoment("2026-01-31T08:00:09.000+08:00", zone)).toBe("2026-01-31 08:00:09");
    expect(formatMoment("2026-01-31T08:00:00.001+08:00", zone)).toBe("2026-01-31 08:00");
    expect(formatMoment("2026-01-31T08:00:00.000+08:00", zone, true)).toBe(
      "2026-01-31 08:00:00.000",
    );
    expect(formatMoment("2026-01-31", zone)).toBe("2026-01-31 00:00");
  });

  it("is relative only near by", () => {
    const now = Date.parse("2026-01-31T08:00:00Z");
    expect(relativeMoment("2026-01-31T07:57:00Z", now, "zh-CN")).toBe("3 分钟前");
    expect(relativeMoment("2026-02-01T08:00:00Z", now, "en")).toBe("tomorrow");
    expect(relativeMoment("2026-01-31T08:00:00Z", now, "en")).toBe("now");
    expect(relativeMoment("2025-12-01T08:00:00Z", now, "en")).toBeNull();
  });
});
