import { SYSTEM } from "@/test/mock_system";
import { mattersOf, type System } from "./attention";

const NOW = Date.parse("2026-03-05T00:00:00.000Z");

const told = (change: (system: System) => void) => {
  const system = structuredClone(SYSTEM);
  change(system);
  return mattersOf(system, NOW).map(({ name, weight }) => `${name} ${weight}`);
};

describe("what needs attention", () => {
  it("is nothing when all is well", () => {
    expect(told(() => {})).toEqual([]);
  });

  it("is a store that does not write", () => {
    expect(
      told((system) => {
        system.store.available = false;
      }),
    ).toEqual(["not_writing bad"]);
  });

  it("is a reader more than a minute behind, whoever it is", () => {
    const behind = (lag_ms: number) => (system: System) => {
      for (const reader of system.log.readers) reader.lag_ms = lag_ms;
    };
    expect(told(behind(60_000))).toEqual([]);
    expect(told(behind(60_001))).toEqual(["behind soon", "behind soon"]);
  });

  it("is a disk that fills within a month, the more so within a week", () => {
    const left = (days: number | null) => (system: System) => {
      system.disk.days_left = days;
    };
    expect(told(left(null))).toEqual([]);
    expect(told(left(31))).toEqual([]);
    expect(told(left(30))).toEqual(["disk_filling soon"]);
    expect(told(left(7))).toEqual(["disk_full bad"]);
  });

  it("is a backup that failed, is old, was never made or is not wanted", () => {
    const backups = (more: Partial<System["backups"]>) => (system: System) => {
      Object.assign(system.backups, more);
    };
    const good = SYSTEM.backups.last_good as NonNullable<System["backups"]["last_good"]>;
    const failed = { ...good, state: "failed" as const };
    const old = { ...good, started_at: "2026-03-02T23:59:59.999Z" };
    expect(told(backups({ on: false }))).toEqual(["no_backups soon"]);
    expect(told(backups({ last: failed }))).toEqual(["backup_failed bad"]);
    expect(told(backups({ last: old, last_good: old }))).toEqual(["backup_old bad"]);
    expect(told(backups({ last: null, last_good: null }))).toEqual(["never_backed_up bad"]);
    expect(told(backups({ by: "pg_dump", on: false, last: null, last_good: null }))).toEqual([]);
  });

  it("waits for the first backup of a program just started", () => {
    expect(
      told((system) => {
        system.started_at = "2026-03-04T00:00:00.000Z";
        Object.assign(system.backups, { last: null, last_good: null });
      }),
    ).toEqual([]);
  });
});
