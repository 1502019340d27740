// Where one customer of the pretended program is in life: audiences, stages, value. Read by
// mock_api.ts. The customer "new" has done nothing yet.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { RECORD } from "./fixtures";
import { named } from "./mock_customers";
import { LIFE } from "./mock_lifecycle";
import { GATES } from "./value_fixtures";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Name = Schema["LifecycleStageName"];

const AT = "2026-03-05T00:00:00.000Z";
const OF = { at: AT, position: "12", fresh: true };

const MODEL: Name = { key: LIFE.key, label: LIFE.label };
const GROWTH: Name = { key: "growth", label: { zh: "会员成长", en: "Member growth" } };
const [ATTRACT, ACQUIRE, RETAIN, DECLINE] = LIFE.stages.map(
  ({ key, label }): Name => ({ key, label }),
) as [Name, Name, Name, Name];

export const MEMBERSHIPS: Schema["Memberships"] = {
  customer: { id: RECORD.id, key: RECORD.key, name: RECORD.name },
  test_account: false,
  audiences: [
    {
      id: 3,
      name: "老客",
      live: true,
      since: "2026-03-02T01:15:00.123Z",
      until: "2026-05-11T12:00:00.001Z",
    },
    { id: 8, name: "华东门店", live: false, since: null, until: null },
  ],
  stages: [
    {
      model: MODEL,
      stage: RETAIN,
      since: "2026-03-02T01:15:00.123Z",
      until: "2026-04-16T01:15:00.124Z",
      next: DECLINE,
    },
    { model: GROWTH, stage: null, since: null, until: null, next: null },
  ],
  ...OF,
};

const NOBODY_YET: Schema["Memberships"] = {
  ...MEMBERSHIPS,
  customer: { id: 900, key: "new", name: null },
  audiences: [],
  stages: [
    { model: MODEL, stage: ATTRACT, since: "2026-03-04T01:00:00.000Z", until: null, next: null },
  ],
};

export const STAGES: Schema["CustomerStages"] = {
  models: [
    {
      ...MODEL,
      version: 3,
      stage: RETAIN,
      since: "2026-03-02T01:15:00.123Z",
      until: "2026-04-16T01:15:00.124Z",
      history: [
        { stage: RETAIN, from: "2026-03-02T01:15:00.123Z", to: "2026-04-16T01:15:00.124Z" },
        { stage: DECLINE, from: "2026-02-14T09:00:00.000Z", to: "2026-03-02T01:15:00.123Z" },
        { stage: RETAIN, from: "2025-12-11T12:00:00.000Z", to: "2026-02-14T09:00:00.000Z" },
        { stage: ACQUIRE, from: "2025-11-20T02:00:00.000Z", to: "2025-12-11T12:00:00.000Z" },
        { stage: ATTRACT, from: "2025-11-03T02:30:00.000Z", to: "2025-11-20T02:00:00.000Z" },
      ],
      stays: 5,
    },
    {
      ...GROWTH,
      version: 1,
      stage: null,
      since: null,
      until: null,
      history: [{ stage: null, from: "2025-11-03T02:30:00.000Z", to: null }],
      stays: 1,
    },
  ],
  ...OF,
};

export const VALUE_OF_ONE: Schema["CustomerValue"] = {
  state: "ready",
  running: false,
  gates: [],
  p_alive: 0.627,
  expected_orders_30d: 0.84,
  expected_orders_90d: 2.31,
  expected_orders_365d: 7.9,
  clv: "1834.20",
  usual_gap_days: 12,
  silent_days: 31,
  overdue: 31 / 12,
  run_at: AT,
};

const UNSAID: Schema["CustomerValue"] = {
  state: "not_enough_data",
  running: false,
  gates: GATES,
};

export function lifeHandlers(refuse: Refuse) {
  const of = (part: string, whole: object, nothing: object) =>
    http.get(`*/api/v1/customers/:customer/${part}`, ({ params, request }) => {
      const isNew = named(String(params.customer)) === "new";
      return refuse(request) ?? HttpResponse.json(isNew ? nothing : whole);
    });
  return [
    of("memberships", MEMBERSHIPS, NOBODY_YET),
    of("stages", STAGES, { models: [], ...OF }),
    of("value", VALUE_OF_ONE, UNSAID),
  ];
}
