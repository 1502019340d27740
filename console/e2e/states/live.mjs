// What is kept live, who comes and goes, where somebody is in life.
import { lost, silent } from "./pretended.mjs";

const of3 = "**/api/v1/audiences/3";
const fulfil = (path, json) => (page) => page.route(path, (route) => route.fulfill({ json }));

const COMPUTING = { live: true, state: "computing", version: 3, progress: 0.42, version_before: 2 };
const OFF = { live: false, state: "off", version: 2 };
const HEAVY = {
  bytes: 812_000_000,
  milliseconds_to_compute: 48_000,
  members: 1_234_567,
  share_of_time_tests: true,
  changes_per_day: 2_400_000,
  microseconds_per_change: 41.2,
  warnings: [
    { code: "live.matches_everybody", detail: "这条规则符合所有客户，进出只会是新客户。" },
    { code: "live.many_changes", detail: "每天超过十万个行为与它有关。" },
  ],
  at: "2026-03-05T00:00:00.000Z",
  position: "12",
  fresh: true,
};
const NOTHING = { position: "12", fresh: true, at: "2026-03-05T00:00:00.000Z" };

export const live = () => [
  { name: "live", path: "/audiences/live", ready: "main table" },
  {
    name: "live-empty",
    before: fulfil("**/api/v1/live", {
      subjects: [],
      subjects_max: 1000,
      customers: 0,
      bytes: 0,
      bytes_per_customer_and_rule: 0,
      cpu_share: 0,
      flips_today: 0,
      behind_ms: 0,
      at: NOTHING.at,
      position: "12",
    }),
    path: "/audiences/live",
    ready: "main h2",
  },
  { name: "live-error", before: lost("/live"), path: "/audiences/live", ready: "[role=alert]" },
  {
    name: "live-loading",
    before: silent("/live"),
    path: "/audiences/live",
    ready: "[aria-busy=true]",
  },
  {
    name: "audience-live",
    mockOnly: true,
    path: "/audiences/3",
    ready: "[data-testid=coming] li",
  },
  {
    name: "audience-left-today",
    mockOnly: true,
    path: "/audiences/3?move=left&coming=",
    act: (page) => page.click("[data-testid=movements] details > summary"),
    ready: "[data-testid=moves] li",
  },
  {
    name: "audience-computing",
    mockOnly: true,
    before: fulfil(`${of3}/live`, COMPUTING),
    path: "/audiences/3",
    ready: "[data-testid=live] progress",
  },
  {
    name: "audience-off",
    mockOnly: true,
    before: async (page) => {
      await fulfil(`${of3}/live`, OFF)(page);
      await fulfil(`${of3}/movements?days=30`, { days: [], since: null, ...NOTHING })(page);
      await fulfil(`${of3}/forecast`, { days: [], members: 0, ...NOTHING })(page);
    },
    path: "/audiences/3",
    ready: "[data-testid=live] button",
  },
  {
    name: "audience-going-live",
    mockOnly: true,
    before: async (page) => {
      await fulfil(`${of3}/live`, OFF)(page);
      await fulfil(`${of3}/estimate`, HEAVY)(page);
    },
    path: "/audiences/3",
    act: (page) => page.click("[data-testid=live] button"),
    ready: "[data-testid=live_estimate]",
    fullPage: false,
  },
  {
    name: "audience-live-error",
    mockOnly: true,
    before: async (page) => {
      for (const part of ["live", "movements?days=30", "forecast"]) {
        await lost(`/audiences/3/${part}`)(page);
      }
    },
    path: "/audiences/3",
    ready: "[data-testid=forecast] [role=alert]",
  },
  {
    name: "audience-live-loading",
    mockOnly: true,
    before: async (page) => {
      for (const part of ["live", "movements?days=30", "forecast"]) {
        await silent(`/audiences/3/${part}`)(page);
      }
    },
    path: "/audiences/3",
    ready: "[data-testid=forecast] [aria-busy=true]",
  },
  {
    name: "record-life-error",
    mockOnly: true,
    before: async (page) => {
      for (const part of ["memberships", "value"]) await lost(`/customers/c_42/${part}`)(page);
    },
    path: "/customers/c_42",
    ready: "[data-testid=memberships] [role=alert]",
  },
  {
    name: "record-life-loading",
    mockOnly: true,
    before: async (page) => {
      for (const part of ["memberships", "value"]) await silent(`/customers/c_42/${part}`)(page);
    },
    path: "/customers/c_42",
    ready: "[data-testid=memberships] [aria-busy=true]",
  },
  {
    name: "home-river-error",
    before: lost("/lifecycle/models"),
    path: "/",
    ready: "[data-testid=river_panel] [role=alert]",
  },
];
