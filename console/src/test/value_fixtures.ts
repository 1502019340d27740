// The pretended shop's grid, value and rhythm. Read by mock_lifecycle.ts.
import type { Schema } from "@/api/client";

const FIVE = [1, 2, 3, 4, 5];

// The more `steep`, the fewer good customers.
export const GRID = (steep: number): Schema["Rfm"]["grid"] =>
  FIVE.flatMap((r) =>
    FIVE.flatMap((f) =>
      FIVE.map((m) => ({
        r,
        f,
        m,
        customers: Math.round(600 / (1 + steep * Math.abs(f - r) + m)),
      })),
    ),
  ).filter(({ r, f }) => r > 1 || f < 5);

const segment = (
  [key, zh, en]: [string, string, string],
  customers: number,
  revenue: string,
): Schema["Rfm"]["segments"][number] => ({
  key,
  label: { zh, en },
  ranges: [{ recency: [1, 5], frequency: [1, 5], money: [1, 5] }],
  customers,
  revenue,
});

export const CUTS: Schema["RfmCuts"] = {
  recency: [12, 40, 91, 180],
  frequency: [2, 3, 4, 7],
  money: ["88.00", "210.00", "455.50", "1200.00"],
};

export const SEGMENTS: Schema["Rfm"]["segments"] = [
  segment(["champions", "冠军客户", "Champions"], 1_830, "1284330.50"),
  segment(["loyal", "忠诚客户", "Loyal"], 2_410, "903120.00"),
  segment(["at_risk", "有流失风险", "At risk"], 1_220, "410880.00"),
  segment(["hibernating", "沉睡", "Hibernating"], 4_100, "88210.40"),
];

export const GATES: Schema["ValueGates"] = [
  { key: "customers", ok: true, have: 15_430, want: 500 },
  { key: "history_days", ok: true, have: 412, want: 180 },
  { key: "recent_orders", ok: true, have: 2_103, want: 1 },
  { key: "repeat_orders", ok: true, have: 4_120, want: 1 },
];

const FIT = {
  log_likelihood: -9582.429,
  converged: true,
  fault: null,
  parameter: null,
  starts: 5,
  starts_agreeing: 5,
  evaluations: 212,
  groups: 4_120,
  customers: 15_430,
};

const WEEKS = { ...FIT, time_unit: "week" as const };

export const NEVER_RUN: Schema["ValueRun"] = {
  state: "never_run",
  running: false,
  gates: [],
  run: null,
  model: null,
  bgnbd: null,
  mbgnbd: null,
  gamma_gamma: null,
  correlation: null,
  calibration: null,
  clv: null,
};

export const VALUE: Schema["ValueRun"] = {
  state: "ready",
  running: false,
  gates: GATES,
  correlation: 0.04,
  clv: { months: 12, discount_a_month: 0.01 },
  run: {
    at: "2026-03-04T20:00:00.000Z",
    customers: 15_430,
    seconds: 3.2,
    event: "order_paid",
    amount: "amount",
  },
  model: "bgnbd",
  bgnbd: {
    ...WEEKS,
    r: 0.2426,
    alpha: 4.4136,
    a: 0.7929,
    b: 2.4259,
    standard_errors: { r: 0.0126, alpha: 0.378, a: 0.186, b: 0.705 },
  },
  mbgnbd: {
    ...WEEKS,
    log_likelihood: -9591.2,
    r: 0.5251,
    alpha: 6.1833,
    a: 0.8911,
    b: 1.6142,
    standard_errors: { r: 0.0316, alpha: 0.41, a: 0.12, b: 0.31 },
  },
  gamma_gamma: {
    ...FIT,
    log_likelihood: -4055.92,
    p: 6.25,
    q: 3.74,
    v: 15.44,
    standard_errors: { p: 1.19, q: 0.29, v: 4.3 },
  },
  calibration: {
    held_back_weeks: 13,
    customers: 14_100,
    buckets: Array.from({ length: 10 }, (_, index) => ({
      p_alive_from: index / 10,
      p_alive_to: (index + 1) / 10,
      customers: index === 1 ? 0 : 400 + 300 * index,
      share_expected_to_buy: 0.01 + 0.052 * index,
      share_that_bought: 0.015 + 0.048 * index + (index % 3) * 0.01,
    })),
    by_frequency: Array.from({ length: 8 }, (_, frequency) => ({
      frequency,
      customers: Math.round(8_000 / (1 + frequency * frequency)),
      expected: 0.11 + 0.4 * frequency,
      actual: 0.12 + 0.39 * frequency,
    })),
    weekly: Array.from({ length: 13 }, (_, index) => ({
      week: index + 1,
      expected: 520 - 7 * index,
      actual: 500 - 6 * index + (index % 4) * 12,
    })),
    auc: 0.861,
    auc_of_recency: 0.859,
    model: "bgnbd",
  },
};

export const RHYTHM: Schema["ValueRhythm"] = {
  state: "ready",
  running: false,
  gates: GATES,
  at: "2026-03-04T20:00:00.000Z",
  customers: 15_430,
  usual_gap: [
    { from: 0, to: 7, customers: 410 },
    { from: 7, to: 14, customers: 980 },
    { from: 14, to: 30, customers: 1_530 },
    { from: 30, to: 60, customers: 870 },
    { from: 60, to: null, customers: 330 },
  ],
  overdue: [
    { from: 0, to: 0.5, customers: 1_240 },
    { from: 0.5, to: 1, customers: 1_020 },
    { from: 1, to: 2, customers: 940 },
    { from: 2, to: 4, customers: 510 },
    { from: 4, to: null, customers: 410 },
  ],
  churn: [
    { from: 0, to: 0.33, customers: 6_120, clv: "812340.00" },
    { from: 0.33, to: 0.66, customers: 3_980, clv: "201110.50" },
    { from: 0.66, to: 1, customers: 5_330, clv: "34120.00" },
  ],
};

export const WIN_BACK: Schema["WinBack"] = {
  at: "2026-03-05T00:00:00.000Z",
  worth: 1_240,
  not_worth: 4_090,
  cost: "12.00",
  days: 90,
  margin: 0.35,
  success: 0.1,
  total_cost: "14880.00",
  expected_value: "48210.50",
  people: Array.from({ length: 3 }, (_, index) => ({
    id: 40 + index,
    key: `CDNOW-0004${index}`,
    name: index === 0 ? "李雷" : null,
    p_alive: 0.41 - 0.05 * index,
    gain: (312.5 - 41 * index).toFixed(2),
    break_even: 0.038 + 0.011 * index,
  })),
  next: null,
};
