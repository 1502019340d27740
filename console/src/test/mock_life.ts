// Lifecycle of the pretended program as the record and Home show it: models, flows of a week, and
// where one customer is. Read by mock_api.ts. The customer "new" has done nothing yet.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { RECORD } from "./fixtures";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;

const AT = "2026-03-05T00:00:00.000Z";
const OF = { at: AT, position: "12", fresh: true };

const stage = (
  key: string,
  label: Schema["StageLabel"],
  customers: number,
): Schema["LifecycleStage"] => ({ key, label, rule: "everyone", customers });

const ATTRACT = stage("attract", { zh: "吸引", en: "Attract" }, 312_000);
const ACQUIRE = stage("acquire", { zh: "获取", en: "Acquire" }, 204_000);
const RETAIN = stage("retain", { zh: "留存", en: "Retain" }, 398_000);
const DECLINE = stage("decline", { zh: "衰退", en: "Decline" }, 121_000);
const LOST = stage("lost", { zh: "流失", en: "Lost" }, 67_000);

const LIFE = {
  key: "life",
  label: { zh: "生命周期", en: "Customer life" },
  stages: [ATTRACT, ACQUIRE, RETAIN, DECLINE, LOST],
};

const MEMBER = {
  key: "member",
  label: { zh: "会员成长", en: "Member growth" },
  stages: [
    stage("newcomer", { zh: "新会员", en: "New member" }, 52_000),
    stage("regular", { zh: "常来", en: "Regular" }, 88_000),
    stage("devoted", { zh: "忠实", en: "Devoted" }, 12_400),
  ],
};

export const MODELS: Schema["LifecycleModelRow"][] = [LIFE, MEMBER].map((model, index) => ({
  ...model,
  id: index + 1,
  description: { zh: "", en: "" },
  shipped: true,
  active: true,
  version: 1,
  none: 132_567,
  at: AT,
}));

export const FLOWS: Schema["LifecycleFlow"][] = [
  { from: "attract", to: "attract", customers: 290_000 },
  { from: "attract", to: "acquire", customers: 14_200 },
  { from: "acquire", to: "acquire", customers: 180_000 },
  { from: "acquire", to: "retain", customers: 21_300 },
  { from: "acquire", to: "decline", customers: 6_100 },
  { from: "retain", to: "retain", customers: 371_000 },
  { from: "retain", to: "decline", customers: 18_800 },
  { from: "decline", to: "decline", customers: 96_100 },
  { from: "decline", to: "retain", customers: 5_700 },
  { from: "decline", to: "lost", customers: 9_400 },
  { from: "lost", to: "lost", customers: 57_600 },
  { from: "new", to: "attract", customers: 22_000 },
  { from: "new", to: "acquire", customers: 9_800 },
  { from: "", to: "", customers: 132_567 },
];

const sizes = (end: "from" | "to"): Schema["StageSize"][] =>
  LIFE.stages.map(({ key }) => ({
    key,
    customers: FLOWS.filter((flow) => flow[end] === key).reduce(
      (sum, { customers }) => sum + customers,
      0,
    ),
  }));

const named = ({ key, label }: Schema["StageName"]): Schema["StageName"] => ({ key, label });

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
      model: named(LIFE),
      stage: named(RETAIN),
      since: "2026-03-02T01:15:00.123Z",
      until: "2026-04-16T01:15:00.124Z",
      next: named(DECLINE),
    },
    { model: named(MEMBER), stage: null, since: null, until: null, next: null },
  ],
  ...OF,
};

const NOBODY_YET: Schema["Memberships"] = {
  ...MEMBERSHIPS,
  customer: { id: 43, key: "new", name: null },
  audiences: [],
  stages: [
    {
      model: named(LIFE),
      stage: named(ATTRACT),
      since: "2026-03-04T01:00:00.000Z",
      until: null,
      next: null,
    },
  ],
};

export const STAGES: Schema["CustomerStages"] = {
  models: [
    {
      key: LIFE.key,
      label: LIFE.label,
      stage: "retain",
      since: "2026-03-02T01:15:00.123Z",
      until: "2026-04-16T01:15:00.124Z",
      history: [
        { stage: "retain", from: "2026-03-02T01:15:00.123Z", to: null },
        {
          stage: "decline",
          from: "2026-02-14T09:00:00.000Z",
          to: "2026-03-02T01:15:00.123Z",
        },
        { stage: "retain", from: "2025-12-11T12:00:00.000Z", to: "2026-02-14T09:00:00.000Z" },
        { stage: "acquire", from: "2025-11-20T02:00:00.000Z", to: "2025-12-11T12:00:00.000Z" },
        { stage: "attract", from: "2025-11-03T02:30:00.000Z", to: "2025-11-20T02:00:00.000Z" },
      ],
    },
    {
      key: MEMBER.key,
      label: MEMBER.label,
      stage: "",
      since: null,
      until: null,
      history: [{ stage: "", from: "2025-11-03T02:30:00.000Z", to: null }],
    },
  ],
};

export const VALUE: Schema["CustomerValue"] = {
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
  gates: [{ key: "customers", ok: false, have: 120, want: 1000 }],
  usual_gap_days: null,
  silent_days: null,
  overdue: null,
};

export function lifeHandlers(refuse: Refuse, empty: boolean) {
  const json = (request: StrictRequest<DefaultBodyType>, answer: object) =>
    refuse(request) ?? HttpResponse.json(answer);
  const isNew = ({ customer }: { customer?: unknown }) => customer === "new";
  return [
    http.get("*/api/v1/customers/:customer/memberships", ({ params, request }) =>
      json(request, isNew(params) ? NOBODY_YET : MEMBERSHIPS),
    ),
    http.get("*/api/v1/customers/:customer/stages", ({ params, request }) =>
      json(request, isNew(params) ? { models: [] } : STAGES),
    ),
    http.get("*/api/v1/customers/:customer/value", ({ params, request }) =>
      json(request, isNew(params) ? UNSAID : VALUE),
    ),
    http.get("*/api/v1/lifecycle/models", ({ request }) =>
      json(request, { models: empty ? [] : MODELS }),
    ),
    http.get("*/api/v1/lifecycle/models/:key/flows", ({ request }) => {
      const search = new URL(request.url).searchParams;
      return json(request, {
        from: search.get("from"),
        to: search.get("to"),
        stages_from: sizes("from"),
        stages_to: sizes("to"),
        flows: FLOWS,
      });
    }),
  ];
}
