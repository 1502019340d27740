// What the pretended program keeps live: of audience 3 a month of moves and a week to come; every
// other is off until somebody lets it go live, and then computing for ever. Read by
// mock_audiences.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { keyOf } from "./mock_customers";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Live = Schema["AudienceLive"];

const DAY_MS = 86_400_000;
const EAST_MS = 8 * 3_600_000;
const NAMES = ["王小明", "李雪", null, "陈静怡", "赵磊", "Alexandra Fitzgerald-Montgomery", "孙悦"];
const OF = { position: "12", fresh: true };

// By the clock of Shanghai.
export const dayOf = (ms: number) => new Date(ms + EAST_MS).toISOString().slice(0, 10);

export const LIVE: Live = {
  live: true,
  state: "live",
  version: 2,
  members: 617_284,
  position: "12",
  at: "2026-03-05T00:00:00.000Z",
  bytes: 4_960_000,
  microseconds_per_change: 3.2,
  evaluations: 1_284_551,
  cpu_share: 0.0042,
  waiting_flips: 201_443,
  switched_at: "2026-02-01T02:00:00.000Z",
  recorded_since: "2026-02-01T02:00:00.000Z",
};

export const COMPUTING: Live = {
  live: true,
  state: "computing",
  version: 3,
  progress: 0.42,
  version_before: 2,
};

const off = (version: number): Live => ({ live: false, state: "off", version });

export const ESTIMATE: Schema["LiveEstimate"] = {
  bytes: 4_960_000,
  milliseconds_to_compute: 820,
  members: 617_000,
  share_of_time_tests: true,
  changes_per_day: 184_000,
  microseconds_per_change: 3.1,
  warnings: [],
  at: "2026-03-05T00:00:00.000Z",
  ...OF,
};

const personAt = (index: number): Schema["NamedPerson"] => ({
  id: 40 + index,
  key: keyOf(40 + index),
  name: NAMES[index % NAMES.length] ?? null,
});

function movements(days: number): Schema["AudienceMovements"] {
  const now = Date.now();
  return {
    days: Array.from({ length: days }, (_, index) => {
      const back = days - 1 - index;
      const unfinished = back === 0;
      return {
        day: dayOf(now - back * DAY_MS),
        entered: unfinished ? 41 : 60 + ((index * 37) % 90),
        left: unfinished ? 17 : 30 + ((index * 53) % 80),
        corrected: index % 9 === 0 ? 2 : 0,
        unfinished,
      };
    }),
    since: new Date(now - days * DAY_MS).toISOString(),
    at: new Date(now).toISOString(),
    ...OF,
  };
}

const MOVES_TOTAL = 25;

// One every hundred minutes backwards, every third a departure, every eighth put right later.
function moves(search: URLSearchParams): Schema["AudienceMoves"] {
  const now = Date.now();
  const all = Array.from({ length: MOVES_TOTAL }, (_, index): Schema["AudienceMove"] => {
    const at = now - 1_234 - index * 6_000_000;
    const corrected = index % 8 === 3;
    return {
      customer: personAt(index),
      direction: index % 3 === 2 ? "left" : "entered",
      at: new Date(at).toISOString(),
      recorded_at: new Date(corrected ? at + 3_600_000 : at + 4).toISOString(),
      corrected,
    };
  }).filter(
    ({ direction, at }) =>
      direction === (search.get("direction") ?? direction) &&
      [null, dayOf(Date.parse(at))].includes(search.get("day")),
  );
  const first = Number(search.get("before") ?? 0);
  const last = first + Number(search.get("limit") ?? 100);
  return { moves: all.slice(first, last), next: last < all.length ? String(last) : null };
}

function forecast(): Schema["AudienceForecast"] {
  const now = Date.now();
  const midnight = Date.parse(`${dayOf(now)}T00:00:00+08:00`);
  let members = 617_284;
  const days = Array.from({ length: 8 }, (_, index) => {
    const arriving = index === 0 ? 2 : (index * 3) % 7;
    const leaving = index === 0 ? 9 : 12 + ((index * 29) % 40);
    members += arriving - leaving;
    return {
      day: dayOf(now + index * DAY_MS),
      at: new Date(midnight + (index + 1) * DAY_MS).toISOString(),
      members,
      arriving,
      leaving,
    };
  });
  return { days, members: 617_284, at: new Date(now).toISOString(), ...OF };
}

function coming(search: URLSearchParams): Schema["ForecastPeople"] {
  const day = search.get("day") ?? "";
  const known = forecast().days.find((each) => each.day === day);
  const count = (search.get("direction") === "arriving" ? known?.arriving : known?.leaving) ?? 0;
  const first = Number(search.get("after") ?? 0);
  const last = Math.min(count, first + Number(search.get("limit") ?? 100));
  const begin = Date.parse(`${day}T00:00:00+08:00`);
  return {
    people: Array.from({ length: last - first }, (_, index) => ({
      ...personAt(first + index),
      at: new Date(begin + (first + index) * 1_700_123 + 1).toISOString(),
    })),
    next: last < count ? String(last) : null,
    count,
    at: new Date().toISOString(),
  };
}

const costOf = (live: Live) => ({
  members: live.members ?? null,
  bytes: live.bytes ?? 0,
  microseconds_per_change: live.microseconds_per_change ?? 0,
  evaluations: live.evaluations ?? 0,
  cpu_share: live.cpu_share ?? 0,
  waiting_flips: live.waiting_flips ?? 0,
});

const MODEL: Schema["LiveSubject"] = {
  kind: "model",
  id: 1,
  key: "lifecycle",
  name: "生命周期",
  state: "live",
  version: 1,
  members: 1_102_334,
  bytes: 9_910_000,
  microseconds_per_change: 11.8,
  evaluations: 5_530_112,
  cpu_share: 0.0131,
  waiting_flips: 844_120,
  flips_today: 1_204,
  switched_at: "2026-01-20T02:00:00.000Z",
};

interface Named {
  id: number;
  name: string;
  version: number;
}

export function liveHandlers(refuse: Refuse, { empty, missing, named }: Props) {
  const states = new Map<number, Live>(empty ? [] : [[3, LIVE]]);
  const answer =
    (of: (audience: Named, search: URLSearchParams) => object | undefined) =>
    ({
      params,
      request,
    }: {
      params: Record<string, unknown>;
      request: StrictRequest<DefaultBodyType>;
    }) => {
      const audience = named(params.id);
      if (!audience) return refuse(request) ?? missing();
      const search = new URL(request.url).searchParams;
      return refuse(request) ?? HttpResponse.json(of(audience, search));
    };
  const liveOf = ({ id, version }: Named) => states.get(id) ?? off(version);
  // Whoever was not live has no past.
  const isRecorded = (id: number) => states.get(id)?.state === "live" || id === 3;

  return [
    http.get("*/api/v1/audiences/:id/live", answer(liveOf)),
    http.put("*/api/v1/audiences/:id/live", async ({ params, request }) => {
      const { live } = (await request.json()) as Schema["AudienceLiveChange"];
      const audience = named(params.id);
      if (!audience) return refuse(request) ?? missing();
      const before = liveOf(audience);
      const refused = refuse(request);
      if (refused) return refused;
      if (live !== before.live) {
        const { id, version } = audience;
        const { version_before: _, ...computing } = COMPUTING;
        states.set(id, live ? { ...computing, version } : off(version));
      }
      return HttpResponse.json(liveOf(audience));
    }),
    http.get(
      "*/api/v1/audiences/:id/estimate",
      answer(() => ESTIMATE),
    ),
    http.get(
      "*/api/v1/audiences/:id/movements",
      answer(({ id }, search) =>
        isRecorded(id)
          ? movements(Number(search.get("days") ?? 30))
          : { ...movements(1), days: [], since: null },
      ),
    ),
    http.get(
      "*/api/v1/audiences/:id/moves",
      answer(({ id }, search) => (isRecorded(id) ? moves(search) : { moves: [], next: null })),
    ),
    http.get("*/api/v1/audiences/:id/forecast", answer(forecast)),
    http.get(
      "*/api/v1/audiences/:id/forecast/people",
      answer((_, search) => coming(search)),
    ),
    http.get("*/api/v1/live", ({ request }) => {
      const subjects = [...states].flatMap(([id, live]): Schema["LiveSubject"][] => {
        const audience = named(id);
        if (!audience || !live.live) return [];
        const today = live.state === "live" ? { entered_today: 41, left_today: 17 } : {};
        return [
          {
            kind: "audience",
            id,
            name: audience.name,
            state: live.state,
            version: live.version,
            ...costOf(live),
            flips_today: live.state === "live" ? 58 : 0,
            ...today,
            ...(live.progress === undefined ? {} : { progress: live.progress }),
          },
        ];
      });
      const all = empty ? [] : [...subjects, MODEL];
      const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
      const list: Schema["LiveList"] = {
        subjects: all,
        subjects_max: 1000,
        customers: 1_234_567,
        bytes,
        bytes_per_customer_and_rule: bytes / Math.max(1, all.length) / 1_234_567,
        cpu_share: all.reduce((sum, each) => sum + each.cpu_share, 0),
        flips_today: all.reduce((sum, each) => sum + each.flips_today, 0),
        at: new Date().toISOString(),
        position: "12",
        behind_ms: 0,
      };
      return refuse(request) ?? HttpResponse.json(list);
    }),
  ];
}

interface Props {
  empty: boolean;
  missing(): Response;
  named(id: unknown): Named | undefined;
}
