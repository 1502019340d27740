// The pretended program's lifecycle models, grid, value and rhythm. Read by mock_api.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { keyOf } from "./mock_customers";
import { CUTS, GRID, NEVER_RUN, RHYTHM, SEGMENTS, VALUE, WIN_BACK } from "./value_fixtures";

type Model = Schema["LifecycleModel"];
type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Problem = (problem: { status: number; code: string; users?: string[] }) => Response;

const AT = "2026-03-05T00:00:00.000Z";
const DAY_MS = 86_400_000;
const EAST_MS = 8 * 3_600_000;

const stage = (
  [key, zh, en]: [string, string, string],
  rule: string,
  customers: number,
): Schema["LifecycleStage"] & { customers: number } => ({
  key,
  label: { zh, en },
  description: { zh: "", en: "" },
  rule,
  customers,
});

const NOW = { at: AT, position: "12", fresh: true };

const versionOf = (
  version: number,
  { label, description, stages }: Pick<Model, "label" | "description" | "stages">,
): Schema["LifecycleVersion"] => ({
  version,
  at: version === 1 ? "2026-01-01T00:00:00.000Z" : "2026-03-01T02:00:00.000Z",
  by: version === 1 ? "system" : "user:1 zhang.wei",
  content: { label, description, active: true, stages },
});

const LIFE_ROW = {
  id: 1,
  key: "lifecycle",
  label: { zh: "生命周期", en: "Lifecycle" },
  description: {
    zh: "从引流到流失：按最近的购买与互动。",
    en: "From attracted to lost: by the last purchases and visits.",
  },
  shipped: true,
  active: true,
  version: 3,
  changed_at: "2026-03-01T02:00:00.000Z",
  changed_by: "user:1 zhang.wei",
  stages: [
    {
      ...stage(["attracted", "引流", "Attracted"], "did not order_paid", 3_050),
      description: {
        zh: "已经认识品牌，还没有付过款。",
        en: "Known to the brand, has never paid.",
      },
    },
    stage(["acquired", "获客", "Acquired"], "did order_paid in last 30d", 2_870),
    stage(["retained", "留存", "Retained"], "did order_paid >= 3 times in last 90d", 4_210),
    stage(["declining", "衰退", "Declining"], "did order_paid >= 1 times in last 90d", 3_120),
    stage(["lost", "流失", "Lost"], "did order_paid", 6_480),
  ],
  none: 12_400,
};

export const LIFE: Model = {
  ...LIFE_ROW,
  ...NOW,
  used_by: ["老客"],
  versions: [versionOf(3, LIFE_ROW), versionOf(1, LIFE_ROW)],
  warnings: [],
};

const FUNNEL: Model = {
  ...LIFE,
  id: 2,
  key: "trial",
  label: { zh: "免费试用 → 长期付费", en: "Free trial → long-term paying" },
  description: { zh: "", en: "" },
  version: 1,
  used_by: [],
  stages: [
    stage(["trial", "免费试用", "Free trial"], 'tag "等级/VIP"', 120),
    stage(["paying", "付费", "Paying"], "did order_paid in last 30d", 64),
    stage(["long_term", "长期付费", "Long-term"], "everyone", 0),
  ],
  none: 20_000,
  warnings: [
    { code: "lifecycle.unreachable", stage: "long_term", offset: 0, name: "paying", nearest: null },
  ],
};

// Between any two moments.
export const FLOWS: Schema["LifecycleMove"][] = [
  { from: "retained", to: "retained", customers: 3_600 },
  { from: "retained", to: "declining", customers: 940 },
  { from: "acquired", to: "retained", customers: 610 },
  { from: "acquired", to: "declining", customers: 1_240 },
  { from: "declining", to: "lost", customers: 1_530 },
  { from: "declining", to: "retained", customers: 85 },
  { from: "declining", to: "declining", customers: 940 },
  { from: "lost", to: "lost", customers: 4_950 },
  { from: "lost", to: "acquired", customers: 130 },
  { from: "attracted", to: "acquired", customers: 720 },
  { from: "attracted", to: "", customers: 1_100 },
  { from: "new", to: "attracted", customers: 2_300 },
  { from: "new", to: "acquired", customers: 1_480 },
  { from: "", to: "attracted", customers: 750 },
  { from: "", to: "", customers: 11_300 },
];

const sizesOf = (end: "from" | "to") => {
  const sizes = new Map<string, number>();
  for (const flow of FLOWS) sizes.set(flow[end], (sizes.get(flow[end]) ?? 0) + flow.customers);
  return [...sizes].map(([key, customers]) => ({ key, customers }));
};

function pulseOf(model: Model, days: number): Schema["LifecyclePulse"] {
  const today = Math.floor((Date.now() + EAST_MS) / DAY_MS) * DAY_MS;
  return {
    version: model.version,
    position: "12",
    fresh: true,
    days: Array.from({ length: days }, (_, index) => ({
      at: new Date(today - (days - 1 - index) * DAY_MS - EAST_MS).toISOString(),
      day: new Date(today - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10),
      stages: model.stages.map(({ key, customers }, place) => ({
        key,
        customers: Math.round((customers ?? 0) * (0.85 + (0.15 * (index + place)) / days)),
      })),
      none: model.none ?? 0,
    })),
  };
}

const timesOf = (model: Model): Schema["LifecycleTimes"] => ({
  ...NOW,
  persons_read: 9_000,
  sampled: true,
  stages: model.stages.map(({ key, customers }, index) => ({
    key,
    customers: customers ?? 0,
    median_days: customers === 0 ? null : 12.4 + 20 * index,
    days_25: customers === 0 ? null : 4.2 + 8 * index,
    days_75: customers === 0 ? null : 31 + 40 * index,
    ended_median_days: index === 4 ? null : 18 + 11 * index,
    ended_days_25: index === 4 ? null : 9 + 11 * index,
    ended_days_75: index === 4 ? null : 40 + 11 * index,
  })),
});

function peopleOf(count: number, after: string | null, limit = 50): Schema["LifecyclePeople"] {
  const first = after === null ? 1 : Number(after) + 1;
  const last = Math.min(count, first + limit - 1);
  return {
    people: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
      id: first + index,
      key: keyOf(first + index),
    })),
    ...NOW,
    next: last < count ? String(last) : null,
    count,
  };
}

const storedStage = (given: Schema["GivenLifecycleStage"]): Schema["LifecycleStage"] => ({
  key: given.key,
  label: given.label ?? { zh: given.key, en: given.key },
  description: given.description ?? { zh: "", en: "" },
  rule: given.rule ?? "",
  customers: 100,
});

function previewOf(
  saved: Model | undefined,
  { stages }: Schema["LifecyclePreviewQuestion"],
): Schema["LifecyclePreview"] {
  const now = (key: string) => saved?.stages.find((each) => each.key === key)?.customers;
  return {
    ...NOW,
    stages: stages.map(({ key, rule = "" }) => {
      const was = now(key) ?? undefined;
      const customers = (was ?? 0) + (rule.length % 7) * 10;
      return { key, customers, ...(was === undefined ? {} : { now: was }) };
    }),
    none: 12_000,
    moves: saved
      ? [
          { from: "", to: stages[0]?.key ?? "", customers: 400 },
          { from: saved.stages[0]?.key ?? "", to: stages.at(-1)?.key ?? "", customers: 30 },
        ]
      : [],
    warnings: stages
      .slice(0, -1)
      .filter(({ rule }) => rule === "everyone")
      .map(({ key }) => ({
        code: "audience.always_true",
        stage: key,
        offset: 0,
        name: "",
        nearest: null,
      })),
  };
}

export function lifecycleHandlers(refuse: Refuse, problem: Problem, empty: boolean) {
  let models: Model[] = empty ? [] : [LIFE, FUNNEL];
  let policy: Schema["RfmPolicy"] = { by: "quantile" };
  const missing = () => problem({ status: 404, code: "lifecycle.no_such_model" });
  const with_key = (key: unknown) => models.find((each) => each.key === key);
  const row = (model: Model): Schema["LifecycleModelRow"] => {
    const { versions: _, warnings: __, used_by: ___, at: ____, position: _____, ...rest } = model;
    const { fresh: ______, ...shown } = rest;
    return shown;
  };
  const rfm = (given = policy): Schema["Rfm"] => ({
    policy: given,
    cuts: empty ? null : CUTS,
    customers: empty ? 0 : 15_430,
    at: AT,
    grid: empty ? [] : GRID(given.by === "cuts" ? 3 : 1),
    segments: empty ? [] : SEGMENTS,
  });
  const of_model = (path: string, answer: (model: Model, url: URL) => DefaultBodyType) =>
    http.get(`*/api/v1/lifecycle/models/:key${path}`, ({ params, request }) => {
      const model = with_key(params.key);
      if (!model) return refuse(request) ?? missing();
      return refuse(request) ?? HttpResponse.json(answer(model, new URL(request.url)));
    });
  const after = (url: URL) => url.searchParams.get("after");

  return [
    http.get(
      "*/api/v1/lifecycle/models",
      ({ request }) => refuse(request) ?? HttpResponse.json({ models: models.map(row), ...NOW }),
    ),
    http.post("*/api/v1/lifecycle/models/preview", async ({ request }) => {
      const draft = (await request.json()) as Schema["LifecyclePreviewQuestion"];
      return refuse(request) ?? HttpResponse.json(previewOf(with_key(draft.key), draft));
    }),
    of_model("/flows", (_, url) => ({
      from: new Date(`${url.searchParams.get("from")}+08:00`).toISOString(),
      to: AT,
      version: LIFE.version,
      position: "12",
      fresh: true,
      stages_from: sizesOf("from"),
      stages_to: sizesOf("to"),
      flows: FLOWS,
    })),
    of_model("/flows/people", (_, url) => {
      const [from, to] = [url.searchParams.get("stage_from"), url.searchParams.get("stage_to")];
      const fits = (flow: Schema["LifecycleMove"]) =>
        (from === null || flow.from === from) && (to === null || flow.to === to);
      const count = FLOWS.filter(fits).reduce((sum, { customers }) => sum + customers, 0);
      return peopleOf(count, after(url));
    }),
    of_model("/time", timesOf),
    of_model("/pulse", (model, url) => pulseOf(model, Number(url.searchParams.get("days") ?? 30))),
    http.get("*/api/v1/lifecycle/models/:key/stages/:stage/people", ({ params, request }) => {
      const found = with_key(params.key)?.stages.find(({ key }) => key === params.stage);
      if (!found) return refuse(request) ?? missing();
      const people = peopleOf(found.customers ?? 0, after(new URL(request.url)));
      return refuse(request) ?? HttpResponse.json(people);
    }),
    of_model("", (model) => model),
    http.post("*/api/v1/lifecycle/models", async ({ request }) => {
      const given = (await request.json()) as Schema["NewLifecycleModel"];
      if (with_key(given.key)) return problem({ status: 409, code: "lifecycle.name_taken" });
      const made: Model = {
        ...LIFE,
        id: 10 + models.length,
        key: given.key,
        label: given.label,
        description: given.description ?? { zh: "", en: "" },
        shipped: false,
        version: 1,
        used_by: [],
        stages: given.stages.map(storedStage),
        versions: [],
      };
      made.versions = [versionOf(1, made)];
      models = [...models, made];
      return refuse(request) ?? HttpResponse.json(made, { status: 201 });
    }),
    http.put("*/api/v1/lifecycle/models/:key", async ({ params, request }) => {
      const change = (await request.json()) as Schema["LifecycleModelChange"];
      const model = with_key(params.key);
      if (!model) return missing();
      if (change.version !== model.version) {
        return problem({ status: 409, code: "lifecycle.version_differs" });
      }
      const { version, stages, ...rest } = change;
      const next: Model = {
        ...model,
        ...rest,
        version: version + 1,
        stages: stages?.map(storedStage) ?? model.stages,
      };
      next.versions = [versionOf(version + 1, next), ...model.versions];
      models = models.map((each) => (each.key === next.key ? next : each));
      return refuse(request) ?? HttpResponse.json(next);
    }),
    http.delete("*/api/v1/lifecycle/models/:key", ({ params, request }) => {
      if (!with_key(params.key)) return missing();
      if (params.key === "lifecycle") {
        return problem({ status: 409, code: "lifecycle.in_use", users: ["老客"] });
      }
      models = models.filter(({ key }) => key !== params.key);
      return refuse(request) ?? new HttpResponse(null, { status: 204 });
    }),
    http.get(
      "*/api/v1/lifecycle/rfm",
      ({ request }) => refuse(request) ?? HttpResponse.json(rfm()),
    ),
    http.post("*/api/v1/lifecycle/rfm/preview", async ({ request }) => {
      const { policy: given } = (await request.json()) as Schema["RfmChange"];
      const moves = given.by === "cuts" ? [{ from: "loyal", to: "at_risk", customers: 210 }] : [];
      return refuse(request) ?? HttpResponse.json({ ...rfm(given), moves });
    }),
    http.put("*/api/v1/lifecycle/rfm", async ({ request }) => {
      policy = ((await request.json()) as Schema["RfmChange"]).policy;
      return refuse(request) ?? HttpResponse.json(rfm());
    }),
    http.get(
      "*/api/v1/lifecycle/rfm/people",
      ({ request }) =>
        refuse(request) ?? HttpResponse.json(peopleOf(120, after(new URL(request.url)))),
    ),
    http.get(
      "*/api/v1/lifecycle/value",
      ({ request }) => refuse(request) ?? HttpResponse.json(empty ? NEVER_RUN : VALUE),
    ),
    http.post(
      "*/api/v1/lifecycle/value/run",
      ({ request }) => refuse(request) ?? HttpResponse.json({ running: true }, { status: 202 }),
    ),
    http.get(
      "*/api/v1/lifecycle/value/rhythm",
      ({ request }) => refuse(request) ?? HttpResponse.json(RHYTHM),
    ),
    http.get(
      "*/api/v1/lifecycle/value/win_back",
      ({ request }) => refuse(request) ?? HttpResponse.json(WIN_BACK),
    ),
  ];
}
