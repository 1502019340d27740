// What of the program's state somebody has to do something about. Pure.
import type { Schema } from "@/api/client";

export type System = Schema["System"];
export type Reader = System["log"]["readers"][number];

// bad: something does not work, or soon will not; soon: look at it these days.
export type Weight = "bad" | "soon";

export interface Matter {
  // Its words: system.matter.NAME.
  name:
    | "not_reached"
    | "not_writing"
    | "behind"
    | "disk_full"
    | "disk_filling"
    | "no_backups"
    | "backup_failed"
    | "backup_old"
    | "never_backed_up";
  weight: Weight;
  // What its words mention.
  values: Record<string, string | number>;
  // Who is behind.
  reader?: Reader;
  // Where it is mended.
  to?: string;
}

const BEHIND_MS = 60_000;
const DISK_FULL_DAYS = 7;
const DISK_FILLING_DAYS = 30;
// One was missed.
const BACKUP_OLD_MS = 2 * 86_400_000;

export function mattersOf(system: System, now: number): Matter[] {
  return [...ofStore(system), ...ofReaders(system), ...ofDisk(system), ...ofBackups(system, now)];
}

// Nobody knows how the program is now: what is known was so at `at`.
export function notReached(at: string): Matter {
  return { name: "not_reached", weight: "bad", values: { at } };
}

function ofStore({ store }: System): Matter[] {
  if (store.available) return [];
  return [{ name: "not_writing", weight: "bad", values: { reason: store.reason } }];
}

function ofReaders({ log }: System): Matter[] {
  return log.readers
    .filter(({ lag_ms }) => lag_ms > BEHIND_MS)
    .map((reader) => ({ name: "behind", weight: "soon", values: {}, reader }));
}

function ofDisk({ disk }: System): Matter[] {
  const days = disk.days_left;
  if (days === null || days > DISK_FILLING_DAYS) return [];
  const full = days <= DISK_FULL_DAYS;
  return [
    {
      name: full ? "disk_full" : "disk_filling",
      weight: full ? "bad" : "soon",
      values: { count: days },
    },
  ];
}

function ofBackups({ backups, started_at }: System, now: number): Matter[] {
  if (backups.by === "pg_dump") return [];
  const to = "/settings/backups";
  if (!backups.on) return [{ name: "no_backups", weight: "soon", values: {}, to }];
  const { last, last_good } = backups;
  if (last?.state === "failed") {
    const reason = last.problem?.detail ?? "";
    return [{ name: "backup_failed", weight: "bad", values: { reason }, to }];
  }
  const since = Date.parse(last_good?.started_at ?? started_at);
  if (now - since <= BACKUP_OLD_MS) return [];
  const name = last_good === null ? "never_backed_up" : "backup_old";
  const days = Math.floor((now - since) / 86_400_000);
  return [{ name, weight: "bad", values: { count: days }, to }];
}
