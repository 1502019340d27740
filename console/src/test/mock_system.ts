// The pretended program's state and its backups. Read by mock_api.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { MEMORY } from "./mock_workspace";

type Backup = Schema["Backup"];
type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;

const backup = (day: number, more: Partial<Backup>): Backup => ({
  id: String(day),
  file: `siyu-2026-03-0${day}T0300.db`,
  state: "good",
  asked: false,
  started_at: `2026-03-0${day}T19:00:00.000Z`,
  ended_at: `2026-03-0${day}T19:00:41.000Z`,
  bytes: 812_000_000,
  events: 4_000_012,
  problem: null,
  ...more,
});

export const BACKUPS: Backup[] = [
  backup(4, {}),
  backup(3, {
    state: "failed",
    asked: true,
    bytes: null,
    events: null,
    problem: { code: "backup.no_room", detail: "空间不足：备份及试恢复需要 siyu.db 两倍的空间。" },
  }),
  backup(2, { state: "retired" }),
];

export const SYSTEM: Schema["System"] = {
  version: "0.1.0",
  started_at: "2026-02-20T02:00:00.000Z",
  uptime_seconds: 1_115_640,
  log: {
    position: "4000012",
    readers: [
      { name: "memory", position: "4000012", lag_events: 0, lag_events_more: false, lag_ms: 0 },
      { name: "orders", position: "4000009", lag_events: 3, lag_events_more: false, lag_ms: 240 },
    ],
  },
  memory: {
    ...MEMORY,
    bytes: {
      order: 31_000_000,
      properties: 64_000_000,
      side: 2_100_000,
      histories: 27_000_000,
      rows: 9_800_000,
      deltas: 12_000,
      customers: 14_500_000,
      positions: 19_000_000,
      keys: 480_000,
    },
  },
  store: {
    database: "sqlite",
    available: true,
    reason: "",
    queued_units: 0,
    wal_bytes: 4_100_000,
    units_committed: 120_311,
    groups_committed: 98_220,
    units_slow: 2,
    unit_slow: "append_events",
  },
  disk: {
    data_bytes: 2_410_000_000,
    free_bytes: 61_000_000_000,
    samples: 336,
    sampled_since: "2026-02-19T00:00:00.000Z",
    forecast: "days",
    growth_bytes_a_day: 18_000_000,
    days_left: 3388,
  },
  questions: { running: 1, waiting: 0 },
  backups: { by: "siyu", on: true, last: BACKUPS[0] ?? null, last_good: BACKUPS[0] ?? null },
};

// The newest backup is never old.
function thisMorning(): Schema["System"] {
  const started_at = new Date(Date.now() - 6 * 3_600_000).toISOString();
  const last = backup(4, { started_at });
  return { ...SYSTEM, backups: { ...SYSTEM.backups, last, last_good: last } };
}

export function systemHandlers(refuse: Refuse, empty: boolean) {
  let backups = empty ? [] : BACKUPS;
  return [
    http.get(
      "*/api/v1/system",
      ({ request }) => refuse(request) ?? HttpResponse.json(thisMorning()),
    ),
    http.get(
      "*/api/v1/backups",
      ({ request }) => refuse(request) ?? HttpResponse.json({ backups }),
    ),
    http.post("*/api/v1/backups", ({ request }) => {
      const refused = refuse(request);
      if (refused) return refused;
      const made = backup(5, { state: "running", asked: true, ended_at: null, bytes: null });
      backups = [{ ...made, events: null }, ...backups];
      return HttpResponse.json(backups[0], { status: 202 });
    }),
  ];
}
