// The pretended program's own affairs: how it is, what was imported. Read by mock_api.ts.
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";

export const HEALTH: Schema["Health"] = {
  status: "ok",
  reason: "",
  version: "0.1.0",
  database: "sqlite",
  demo_entrance: false,
  position: "4000012",
  queued_units: 0,
  wal_bytes: 0,
};

// None is offered unless a test says so.
export const DEMO: Schema["Demo"] = {
  offered: false,
  state: "stopped",
  customers_made: 0,
  customers: 0,
  address: null,
};

export const MEMORY: Schema["Memory"] = {
  opened_from: "snapshot",
  not_from: null,
  position: "4000012",
  persons: 1_234_567,
  events: 4_000_012,
  delta_events: 12,
  bytes: {
    order: 1,
    properties: 1,
    side: 1,
    histories: 1,
    rows: 1,
    deltas: 1,
    customers: 1,
    positions: 1,
    keys: 1,
  },
};

// Read by mock_imports.ts.
export const IMPORTS: Schema["Import"][] = [
  imported(9, "orders-2026-02.csv", { kind: "events", state: "running", rows_imported: 31_000 }),
  imported(8, "会员.csv", { kind: "customers", state: "done", rows_left_out: 17 }),
  imported(7, "", { kind: "events", state: "undone" }),
];

function imported(id: number, file: string, more: Partial<Schema["Import"]>): Schema["Import"] {
  return {
    id,
    file,
    kind: "events",
    state: "done",
    by: "zhang.wei",
    at: `2026-03-0${id - 4}T02:00:00.000Z`,
    rows_read: 120_017,
    rows_imported: 120_000,
    rows_repeated: 0,
    rows_left_out: 0,
    ...more,
  };
}

export const QUESTIONS: Schema["Question"][] = [
  {
    id: 41,
    kind: "export",
    who: "li.na",
    own: false,
    rule: "did order_paid in last 365d",
    reference: null,
    state: "running",
    since: "2026-03-05T00:00:00.000Z",
    progress: 0.42,
    milliseconds_left: 14_000,
  },
  {
    id: 42,
    kind: "count",
    who: "",
    own: false,
    rule: null,
    reference: null,
    state: "waiting",
    since: "2026-03-05T00:00:09.000Z",
    progress: 0,
    milliseconds_left: null,
  },
];

const DAY_MS = 86_400_000;

// Ten yuan more each day, and a refund of five; by days of Shanghai.
function revenueSince(from: string): Schema["Revenue"] {
  const begin = Date.parse(`${from}:00+08:00`);
  const count = Math.floor((Date.now() - begin) / DAY_MS) + 1;
  const moment = (ms: number) => new Date(ms).toISOString();
  const periods = Array.from({ length: count }, (_, day) => ({
    from: moment(begin + day * DAY_MS),
    to: moment(begin + (day + 1) * DAY_MS),
    finished: day + 1 < count,
    payments: day,
    paid: `${day * 10}.00`,
    refunded: "5.00",
    net: `${day * 10 - 5}.00`,
  }));
  return { periods, position: "12", fresh: true };
}

type Refusal = () => Response | null;

export function workspaceHandlers(refused: Refusal) {
  return [
    http.get("*/api/v1/health", () => HttpResponse.json(HEALTH)),
    http.get("*/api/v1/demo", () => refused() ?? HttpResponse.json(DEMO)),
    http.get("*/api/v1/revenue", ({ request }) => {
      const from = new URL(request.url).searchParams.get("from") ?? "";
      return refused() ?? HttpResponse.json(revenueSince(from));
    }),
    http.get(
      "*/api/v1/questions",
      () =>
        refused() ?? HttpResponse.json({ questions: QUESTIONS, running_max: 4, waiting_max: 16 }),
    ),
    http.delete(
      "*/api/v1/questions/:id",
      () => refused() ?? new HttpResponse(null, { status: 204 }),
    ),
    http.get("*/api/v1/memory", () => refused() ?? HttpResponse.json(MEMORY)),
  ];
}
