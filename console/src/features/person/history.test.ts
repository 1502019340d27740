import { EVENTS } from "@/test/fixtures";
import { byDay } from "./history";

describe("history by day", () => {
  const days = (zone: string) =>
    byDay(EVENTS, zone).map(([day, events]) => `${day} ${events.length}`);

  it("keeps the order and cuts at the workspace's midnight", () => {
    expect(days("Asia/Shanghai")).toEqual(["2026-03-02 2", "2026-02-10 1", "2025-11-03 1"]);
    expect(days("America/New_York")).toEqual(["2026-03-01 2", "2026-02-10 1", "2025-11-02 1"]);
  });
});
