// Lifecycle models, the grid, rhythm and churn, keep or let go.
import { lost, silent } from "./pretended.mjs";

const answer = (path, json) => (page) =>
  page.route(`**/api/v1${path}`, (route) => route.fulfill({ json }));

const NOTHING = {
  running: false,
  run: null,
  model: null,
  bgnbd: null,
  mbgnbd: null,
  gamma_gamma: null,
  correlation: null,
  calibration: null,
  clv: null,
};
const NEVER = { ...NOTHING, state: "never_run", gates: [] };
const FEW = {
  ...NOTHING,
  state: "not_enough_data",
  gates: [
    { key: "customers", ok: false, have: 212, want: 500 },
    { key: "history_days", ok: true, have: 412, want: 180 },
    { key: "recent_orders", ok: true, have: 40, want: 1 },
    { key: "repeat_orders", ok: true, have: 31, want: 1 },
  ],
};
const fit = (fault, parameter) => ({
  log_likelihood: -100.5,
  time_unit: "week",
  converged: false,
  fault,
  parameter,
  starts: 5,
  starts_agreeing: 1,
  customers: 800,
  standard_errors: null,
});
const BAD = {
  ...NOTHING,
  state: "bad_fit",
  gates: FEW.gates.map((gate) => ({ ...gate, ok: true, have: 800 })),
  run: {
    at: "2026-03-04T20:00:00.000Z",
    customers: 800,
    seconds: 1,
    event: "order_paid",
    amount: "amount",
  },
  bgnbd: { ...fit("stats.at_bound", "alpha"), r: 0.01, alpha: 1e6, a: 0.1, b: 2 },
  mbgnbd: { ...fit("stats.flat", null), r: 0.01, alpha: 1e6, a: 0.1, b: 2 },
  gamma_gamma: { ...fit("stats.too_few", null), p: 1, q: 2, v: 3 },
};
const NO_GRID = {
  policy: { by: "quantile" },
  customers: 0,
  at: null,
  cuts: null,
  grid: [],
  segments: [],
};

const MODEL = "/lifecycle/models/lifecycle";

const models = [
  { name: "lifecycle", path: "/lifecycle", ready: "[data-testid=models] article" },
  {
    name: "lifecycle-empty",
    path: "/lifecycle",
    before: answer("/lifecycle/models", { models: [] }),
    ready: "main section h2",
  },
  {
    name: "lifecycle-error",
    path: "/lifecycle",
    before: lost("/lifecycle/models"),
    ready: "main [role=alert]",
  },
  {
    name: "lifecycle-loading",
    path: "/lifecycle",
    before: silent("/lifecycle/models"),
    ready: "[aria-busy=true]",
  },
  { name: "model", path: MODEL, ready: "[data-testid=river] path" },
  {
    name: "model-tables",
    path: MODEL,
    act: async (page) => {
      await page.waitForSelector("[data-testid=river] path");
      for (const summary of await page.locator("details > summary").all()) await summary.click();
    },
    ready: "[data-testid=river] details[open]",
  },
  {
    name: "model-flow",
    mockOnly: true,
    path: `${MODEL}?stage_from=retained&stage_to=declining`,
    ready: "[data-testid=people] a",
  },
  {
    name: "model-stage",
    mockOnly: true,
    path: `${MODEL}?stage=declining`,
    ready: "[data-testid=people] a",
  },
  {
    name: "model-warned",
    mockOnly: true,
    path: "/lifecycle/models/trial",
    ready: "[data-testid=warnings]",
  },
  { name: "model-gone", path: "/lifecycle/models/nothing", ready: "main section h2" },
  {
    name: "model-error",
    path: MODEL,
    before: lost("/lifecycle/models/lifecycle"),
    ready: "main [role=alert]",
  },
  {
    name: "model-flows-error",
    path: MODEL,
    before: lost("/lifecycle/models/lifecycle/*"),
    ready: "[data-testid=flows] [role=alert]",
  },
  {
    name: "model-loading",
    path: MODEL,
    before: silent("/lifecycle/models/lifecycle/*"),
    ready: "[data-testid=flows] .ant-skeleton",
  },
];

const editor = [
  { name: "model-edit", path: `${MODEL}/edit`, ready: "[data-testid=stage_rows]" },
  {
    name: "model-edit-rule",
    path: `${MODEL}/edit`,
    act: async (page) => {
      await page.click("[data-testid=stage_rows] button[aria-expanded]");
      await page.mouse.move(0, 0);
    },
    ready: "[data-testid=blocks] select",
  },
  {
    name: "model-edit-preview",
    mockOnly: true,
    path: `${MODEL}/edit`,
    act: (page) => page.locator("main section header button").last().click(),
    ready: "[data-testid=preview] table",
  },
  {
    name: "model-edit-save",
    mockOnly: true,
    path: `${MODEL}/edit`,
    act: async (page) => {
      await page.locator("[data-testid=stage_rows] > li button").first().press("ArrowDown");
      await page.locator("main header .ant-btn-primary").click();
    },
    fullPage: false,
    ready: "dialog [data-testid=preview] table",
  },
  { name: "model-edit-gone", path: "/lifecycle/models/nothing/edit", ready: "main section h2" },
  {
    name: "model-edit-error",
    path: `${MODEL}/edit`,
    before: lost("/lifecycle/models/lifecycle"),
    ready: "main [role=alert]",
  },
  { name: "model-new", path: "/lifecycle/new", ready: "[data-testid=blocks] button" },
];

const value = [
  { name: "rfm", path: "/lifecycle/rfm", ready: "[data-testid=grid] table" },
  {
    name: "rfm-cell",
    mockOnly: true,
    path: "/lifecycle/rfm?r=5&f=5&money=4",
    ready: "[data-testid=people] a",
  },
  {
    name: "rfm-policy",
    mockOnly: true,
    path: "/lifecycle/rfm",
    act: async (page) => {
      await page.locator("main header button").first().click();
      await page.locator("dialog fieldset label").last().click();
    },
    fullPage: false,
    ready: "dialog [data-testid=rfm_preview] table",
  },
  {
    name: "rfm-empty",
    path: "/lifecycle/rfm",
    before: answer("/lifecycle/rfm", NO_GRID),
    ready: "main section h2",
  },
  {
    name: "rfm-error",
    path: "/lifecycle/rfm",
    before: lost("/lifecycle/rfm"),
    ready: "main [role=alert]",
  },
  {
    name: "rhythm",
    mockOnly: true,
    path: "/lifecycle/rhythm",
    ready: "[data-testid=churn] a",
  },
  {
    name: "rhythm-parameters",
    mockOnly: true,
    path: "/lifecycle/rhythm",
    act: async (page) => {
      await page.waitForSelector("[data-testid=churn] a");
      for (const summary of await page.locator("details > summary").all()) await summary.click();
    },
    ready: "[data-testid=fitted] details[open]",
  },
  {
    name: "rhythm-few",
    path: "/lifecycle/rhythm",
    before: answer("/lifecycle/value", FEW),
    ready: "[data-testid=gates] li",
  },
  {
    name: "rhythm-bad",
    path: "/lifecycle/rhythm",
    before: answer("/lifecycle/value", BAD),
    ready: "[data-testid=bad_fit]",
  },
  {
    name: "rhythm-empty",
    path: "/lifecycle/rhythm",
    before: answer("/lifecycle/value", NEVER),
    ready: "main section h2",
  },
  {
    name: "rhythm-error",
    path: "/lifecycle/rhythm",
    before: lost("/lifecycle/value"),
    ready: "main [role=alert]",
  },
  {
    name: "win-back",
    mockOnly: true,
    path: "/lifecycle/win-back?cost=12&margin=35&days=90",
    ready: "[data-testid=answer] table",
  },
  {
    name: "win-back-empty",
    path: "/lifecycle/win-back",
    before: answer("/lifecycle/value", FEW),
    ready: "main section h2",
  },
  {
    name: "win-back-error",
    mockOnly: true,
    path: "/lifecycle/win-back",
    before: lost("/lifecycle/value/win_back*"),
    ready: "[data-testid=answer] [role=alert]",
  },
];

export const lifecycle = () => [...models, ...editor, ...value];
