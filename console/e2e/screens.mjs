// Pictures of every state of every page × two languages × two widths, and the checks that hold for
// all of them. It fails where a state has no picture, and against the pretended program, which can
// show everything, where a route has no state that shows it loaded, empty or with an error.
//
//   node e2e/screens.mjs FOLDER [STATE …]
//
// Without SIYU_URL against the pretended program. With SIYU_URL against a real one: as SIYU_NAME with
// SIYU_PASSWORD, without them the demo, which is entered. SIYU_RULE (default: everyone) should match
// somebody there. SIYU_WORKERS pages at a time (default: two a core). SIYU_LOOKS=1: in Chinese and
// light only.
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { launch, watch } from "./browser.mjs";
import { faultsOf, settled } from "./checks.mjs";
import { uncovered } from "./coverage.mjs";
import { startMock } from "./mock_server.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node e2e/screens.mjs FOLDER [STATE …]");
  process.exit(2);
}
const only = process.argv.slice(3);
const real = process.env.SIYU_URL;
const mock = real ? null : await startMock();
const base = (real ?? mock.url).replace(/\/$/, "");
const rule = process.env.SIYU_RULE ?? (mock ? mock.fixtures.RULE : "everyone");

// What the program says of a lost database, in the language the page asks for.
const [, , LOST_EN, LOST_ZH] = readFileSync(
  new URL("../../src/api/problems.tsv", import.meta.url),
  "utf8",
)
  .split("\n")
  .map((line) => line.split("\t"))
  .find(([code]) => code === "store.unavailable");
const lostIn = (language) => ({
  status: 503,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    code: "store.unavailable",
    detail: language.startsWith("en") ? LOST_EN : LOST_ZH,
  }),
});
const lost = (path) => (page) =>
  page.route(`**/api/v1${path}`, (route) =>
    route.fulfill(lostIn(route.request().headers()["accept-language"] ?? "")),
  );
const silent = (path) => (page) => page.route(`**/api/v1${path}`, () => {});
const unpeopled = (page) =>
  page.route("**/api/v1/customers?limit=1", (route) =>
    route.fulfill({ json: { customers: [], next: null } }),
  );
// Nothing of what the settings list.
const workspaceWithout = async (page) => {
  const nothing = {
    users: { users: [] },
    keys: { keys: [] },
    accounts: { accounts: [] },
    stores: { stores: [], next: null },
    staff: { staff: [], next: null },
    attributes: { attributes: [] },
    "test-accounts": { test_accounts: [] },
    "consent-purposes": { purposes: [], channels: [] },
    audit: { entries: [], next: null },
  };
  for (const [path, json] of Object.entries(nothing)) {
    await page.route(`**/api/v1/${path}*`, (route) => route.fulfill({ json }));
  }
};
// The pretended program's health, with all that can be wrong with it.
const troubled = (route) => {
  const system = structuredClone(mock.system);
  Object.assign(system.store, { available: false, reason: "disk I/O error" });
  Object.assign(system.log.readers[0], { lag_events: 100_000, lag_events_more: true });
  system.log.readers[0].lag_ms = 754_000;
  system.disk.days_left = 5;
  const problem = { detail: "No space left on device" };
  system.backups.last = { ...system.backups.last, state: "failed", problem };
  return route.fulfill({ json: system });
};
const testAccounts = (route) =>
  route.fulfill({
    json: {
      test_accounts: ["CDNOW-00007", "CDNOW-00042"].map((key, index) => ({
        id: index + 7,
        key,
        since: "2026-03-01T02:00:00.000Z",
        by: "user:1 zhang.wei",
      })),
    },
  });
const HEALTH = { status: "ok", reason: "", version: "0.1.0", database: "sqlite", position: "1" };
const demoThat = (state) => ({
  offered: true,
  state,
  customers_made: state === "starting" ? 4_200 : 0,
  customers: state === "starting" ? 20_000 : 0,
  address: state === "running" ? "http://127.0.0.1:8090/demo?ticket=1" : null,
});
const question = (parameters) => `/audiences/ask?${new URLSearchParams(parameters)}`;
const fill = (labels) => async (page) => {
  for (const [selector, value] of labels) await page.fill(selector, value);
  await page.click("button[type=submit]");
};

const enrol = async (page) => {
  await page.click("[data-testid=second_factor] button");
  await page.fill("dialog #prove_password", "correct horse");
  await page.click("dialog button[type=submit]");
  await page.waitForSelector("dialog svg[role=img]");
};

// before: with the page not yet opened; act: on the open page; ready: what the picture waits for.
const STATES = [
  { name: "setup", signedIn: false, path: "/setup?token=one-time-token", ready: "form" },
  { name: "setup-empty", signedIn: false, path: "/setup", ready: "h1" },
  {
    name: "setup-error",
    signedIn: false,
    path: "/setup?token=used",
    act: fill([
      ["#name", "owner"],
      ["#password", "correct horse battery"],
      ["#again", "correct horse battery"],
    ]),
    ready: "[role=alert]",
  },
  { name: "sign-in", signedIn: false, path: "/sign-in", ready: "form" },
  {
    name: "sign-in-demo",
    signedIn: false,
    path: "/sign-in",
    before: (page) =>
      page.route("**/api/v1/health", (route) =>
        route.fulfill({ json: { ...HEALTH, demo_entrance: true } }),
      ),
    ready: "form",
  },
  {
    name: "sign-in-empty",
    signedIn: false,
    path: "/sign-in",
    act: fill([]),
    ready: ".ant-form-item-explain-error",
  },
  {
    name: "sign-in-error",
    signedIn: false,
    path: "/sign-in",
    // Nobody twice: after some wrong passwords the program lets one wait.
    act: (page) =>
      fill([
        ["#name", `nobody-${randomUUID()}`],
        ["#password", "wrong password"],
      ])(page),
    ready: "[role=alert]",
  },
  { name: "home", path: "/", ready: "[data-testid=trend] rect" },
  {
    name: "home-table",
    path: "/?trend=bought",
    act: (page) => page.click("details > summary"),
    ready: "details[open] table",
  },
  { name: "home-first", before: unpeopled, path: "/", ready: "[data-testid=first_import]" },
  ...["stopped", "starting", "running", "failed"].map((state) => ({
    name: `home-demo-${state}`,
    before: async (page) => {
      await unpeopled(page);
      await page.route("**/api/v1/demo", (route) => route.fulfill({ json: demoThat(state) }));
    },
    path: "/",
    ready: "[data-testid=demo]",
  })),
  {
    name: "demo-error",
    signedIn: false,
    path: "/demo?ticket=used",
    ready: "main a, h1",
  },
  {
    name: "home-error",
    before: lost("/rules/count"),
    path: "/",
    ready: "[data-testid=trend] [role=alert]",
  },
  {
    name: "home-loading",
    before: async (page) => {
      await silent("/rules/count")(page);
      await silent("/imports*")(page);
    },
    path: "/",
    ready: "[data-testid=customers][aria-busy=true]",
  },
  {
    name: "palette",
    path: "/",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page
        .locator("[data-testid=palette_text]")
        .pressSequentially(mock ? "1380" : known.key.slice(0, -1));
    },
    ready: "[role=option]",
    fullPage: false,
  },
  {
    name: "palette-empty",
    path: "/",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator("[data-testid=palette_text]").pressSequentially("zzz-no-one");
    },
    ready: "dialog p",
    fullPage: false,
  },
  {
    name: "menu",
    path: "/",
    act: async (page) => {
      const narrow = page.viewportSize().width < 768;
      await page.click(narrow ? "[data-testid=menu]" : "[data-testid=fold]");
    },
    ready: "dialog nav a[aria-current=page], [data-narrow=true] nav",
    fullPage: false,
  },
  { name: "question-empty", path: "/audiences/ask", ready: "form" },
  {
    name: "question-first",
    before: unpeopled,
    path: "/audiences/ask",
    ready: "[data-testid=first_import]",
  },
  { name: "question", path: question({ rule }), ready: "[data-testid=people]" },
  {
    name: "question-at",
    path: question({ rule, at: "2026-02-01T08:00:00.000" }),
    ready: "[data-testid=count]",
  },
  {
    name: "question-heavy",
    mockOnly: true,
    path: question({ rule: "heavy" }),
    ready: "[data-testid=heavy]",
  },
  {
    name: "question-nobody",
    path: question({ rule: mock ? "nobody" : "not everyone" }),
    ready: "[data-testid=count]",
  },
  {
    name: "question-mistake",
    path: question({ rule: 'tag "等级/VIP🍎"\nand did order_paid in lst 30d' }),
    ready: "[data-mark=mistake]",
  },
  {
    name: "question-warning",
    path: question({ rule: "did order_piad" }),
    ready: "[data-mark=warning]",
  },
  {
    name: "question-completion",
    path: "/audiences/ask",
    act: async (page) => {
      await page.click("textarea");
      await page.keyboard.type("did order_p");
    },
    ready: "[role=listbox]",
  },
  {
    name: "question-error",
    before: lost("/rules/count"),
    path: question({ rule }),
    ready: "[role=alert]",
  },
  {
    name: "question-loading",
    before: silent("/rules/count"),
    path: question({ rule }),
    ready: "[aria-busy=true]",
  },
  {
    name: "person",
    path: ({ customer }) => question({ rule, person: customer }),
    ready: "[data-testid=history]",
  },
  {
    name: "person-empty",
    mockOnly: true,
    path: question({ person: "new" }),
    ready: "[data-testid=person] h4",
  },
  {
    name: "person-error",
    path: question({ rule, person: "ghost" }),
    ready: "[data-testid=person] [role=alert]",
  },
  {
    name: "person-loading",
    before: async (page) => {
      await silent("/customers/**")(page);
      await silent("/rules/explain")(page);
    },
    path: ({ customer }) => question({ rule, person: customer }),
    ready: "[data-testid=person] .ant-skeleton",
  },
  {
    name: "user-menu",
    path: "/audiences/ask",
    act: (page) => page.click("[data-testid=user]"),
    ready: "[role=menu]",
    // A resized page closes its menus.
    fullPage: false,
  },
  {
    name: "finder",
    mockOnly: true,
    path: "/audiences/ask",
    act: (page) => page.locator("[data-testid=find]").pressSequentially("138"),
    ready: "[data-testid=found] a",
    fullPage: false,
  },
  {
    name: "finder-empty",
    path: "/audiences/ask",
    act: (page) => page.locator("[data-testid=find]").pressSequentially("zzz-no-one"),
    ready: "[data-testid=found] p",
    fullPage: false,
  },
  { name: "settings", path: "/settings", ready: "main ul a" },
  {
    name: "users",
    path: "/settings/users",
    ready: "main table",
  },
  {
    name: "users-sessions",
    path: "/settings/users",
    act: (page) => page.locator("main table button").first().click(),
    fullPage: false,
    ready: "dialog table",
  },
  {
    name: "users-error",
    path: "/settings/users",
    before: lost("/users"),
    ready: "main [role=alert]",
  },
  {
    name: "users-empty",
    path: "/settings/users",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "users-loading",
    path: "/settings/users",
    before: silent("/users"),
    ready: "[aria-busy=true]",
  },
  {
    name: "accounts",
    path: "/settings/accounts",
    mockOnly: true,
    ready: "main table",
  },
  {
    name: "accounts-add",
    path: "/settings/accounts",
    act: (page) => page.locator("main header button").first().click(),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "accounts-error",
    path: "/settings/accounts",
    before: lost("/accounts"),
    ready: "main [role=alert]",
  },
  {
    name: "accounts-empty",
    path: "/settings/accounts",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "accounts-loading",
    path: "/settings/accounts",
    before: silent("/accounts"),
    ready: "[aria-busy=true]",
  },
  {
    name: "stores",
    path: "/settings/stores",
    mockOnly: true,
    ready: "main table",
  },
  {
    name: "stores-add",
    path: "/settings/stores",
    act: (page) => page.locator("main header button").first().click(),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "stores-error",
    path: "/settings/stores",
    before: lost("/stores?**"),
    ready: "main [role=alert]",
  },
  {
    name: "stores-empty",
    path: "/settings/stores",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "stores-loading",
    path: "/settings/stores",
    before: silent("/stores?**"),
    ready: "[aria-busy=true]",
  },
  {
    name: "staff",
    path: "/settings/staff",
    mockOnly: true,
    ready: "main table",
  },
  {
    name: "staff-add",
    path: "/settings/staff",
    act: (page) => page.locator("main header button").first().click(),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "staff-edit",
    path: "/settings/staff",
    mockOnly: true,
    act: async (page) => {
      await page.locator("main table button").first().click();
      await page.click("dialog [role=combobox]");
    },
    fullPage: false,
    ready: "dialog [role=option]",
  },
  {
    name: "staff-member",
    path: "/settings/staff/31",
    mockOnly: true,
    act: async (page) => {
      await page.locator("main table .ant-checkbox-input").first().click();
      await page.click("[data-testid=chosen] [role=combobox]");
    },
    ready: "[data-testid=chosen] [role=option]",
  },
  {
    name: "staff-member-empty",
    path: "/settings/staff/34",
    mockOnly: true,
    ready: "[data-testid=staff_customers] p",
  },
  {
    name: "staff-member-error",
    path: "/settings/staff/31",
    mockOnly: true,
    before: lost("/staff/31/customers?**"),
    ready: "main [role=alert]",
  },
  {
    name: "staff-member-loading",
    path: "/settings/staff/31",
    mockOnly: true,
    before: silent("/staff/31/customers?**"),
    ready: "[aria-busy=true]",
  },
  {
    name: "staff-error",
    path: "/settings/staff",
    before: lost("/staff?**"),
    ready: "main [role=alert]",
  },
  {
    name: "staff-empty",
    path: "/settings/staff",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "staff-loading",
    path: "/settings/staff",
    before: silent("/staff?**"),
    ready: "[aria-busy=true]",
  },
  {
    name: "keys",
    path: "/settings/keys",
    mockOnly: true,
    ready: "main table",
  },
  {
    name: "keys-error",
    path: "/settings/keys",
    before: lost("/keys"),
    ready: "main [role=alert]",
  },
  {
    name: "keys-empty",
    path: "/settings/keys",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "keys-loading",
    path: "/settings/keys",
    before: silent("/keys"),
    ready: "[aria-busy=true]",
  },
  {
    name: "events",
    path: "/settings/events",
    ready: "main table",
  },
  {
    name: "events-error",
    path: "/settings/events",
    before: lost("/event-types"),
    ready: "main [role=alert]",
  },
  {
    name: "events-loading",
    path: "/settings/events",
    before: silent("/event-types"),
    ready: "[aria-busy=true]",
  },
  {
    name: "attributes",
    path: "/settings/attributes",
    ready: "main table",
  },
  {
    name: "attributes-error",
    path: "/settings/attributes",
    before: lost("/attributes"),
    ready: "main [role=alert]",
  },
  {
    name: "attributes-empty",
    path: "/settings/attributes",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "attributes-loading",
    path: "/settings/attributes",
    before: silent("/attributes"),
    ready: "[aria-busy=true]",
  },
  {
    name: "test-accounts",
    before: (page) => page.route("**/api/v1/test-accounts", testAccounts),
    path: "/settings/test-accounts",
    ready: "main table",
  },
  {
    name: "test-accounts-empty",
    path: "/settings/test-accounts",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "test-accounts-error",
    path: "/settings/test-accounts",
    before: lost("/test-accounts"),
    ready: "main [role=alert]",
  },
  {
    name: "test-accounts-loading",
    path: "/settings/test-accounts",
    before: silent("/test-accounts"),
    ready: "[aria-busy=true]",
  },
  {
    name: "audit",
    path: "/settings/audit",
    ready: "main table",
  },
  {
    name: "audit-error",
    path: "/settings/audit",
    before: lost("/audit*"),
    ready: "main [role=alert]",
  },
  {
    name: "audit-empty",
    path: "/settings/audit",
    before: workspaceWithout,
    mockOnly: true,
    ready: "main section",
  },
  {
    name: "audit-loading",
    path: "/settings/audit",
    before: silent("/audit*"),
    ready: "[aria-busy=true]",
  },
  {
    name: "preferences",
    path: "/settings/preferences",
    ready: "form",
  },
  {
    name: "preferences-error",
    path: "/settings/preferences",
    before: lost("/settings"),
    ready: "main [role=alert]",
  },
  { name: "system", path: "/settings/system", ready: "[data-testid=attention]" },
  {
    name: "system-trouble",
    mockOnly: true,
    path: "/settings/system",
    before: (page) => page.route("**/api/v1/system", troubled),
    ready: "[data-testid=attention] li",
  },
  {
    name: "system-error",
    path: "/settings/system",
    before: lost("/system"),
    ready: "main [role=alert]",
  },
  {
    name: "system-loading",
    path: "/settings/system",
    before: silent("/system"),
    ready: "[aria-busy=true]",
  },
  { name: "backups", mockOnly: true, path: "/settings/backups", ready: "main table" },
  {
    name: "backups-empty",
    path: "/settings/backups",
    before: async (page) => {
      await page.route("**/api/v1/backups", (route) => route.fulfill({ json: { backups: [] } }));
      await page.route("**/api/v1/settings", (route) => route.fulfill({ json: { settings: [] } }));
    },
    ready: "[data-testid=schedule] [role=alert]",
  },
  {
    name: "backups-error",
    path: "/settings/backups",
    before: lost("/backups"),
    ready: "main [role=alert]",
  },
  {
    name: "backups-loading",
    path: "/settings/backups",
    before: silent("/backups"),
    ready: "[aria-busy=true]",
  },
  {
    name: "user-invite",
    path: "/settings/users",
    act: (page) => page.click("main header button"),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "user-edit",
    path: "/settings/users",
    mockOnly: true,
    act: async (page) => {
      await page.locator("main table tbody tr").last().locator("button").nth(1).click();
      await page.locator("dialog [role=combobox]").fill("0");
    },
    fullPage: false,
    ready: "dialog [role=option]",
  },
  {
    name: "key-create",
    path: "/settings/keys",
    act: (page) => page.locator("main section header button").first().click(),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "key-public",
    path: "/settings/keys",
    act: (page) => page.locator("main section header button").last().click(),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "key-snippet",
    path: "/settings/keys",
    mockOnly: true,
    act: async (page) => {
      await page.locator("main section header button").last().click();
      await page.fill("dialog #name", "shop");
      await page.fill("dialog #origins", "https://shop.example.com");
      await page.click("dialog button[type=submit]");
    },
    fullPage: false,
    ready: "[data-testid=snippet]",
  },
  {
    name: "event-declare",
    path: "/settings/events",
    act: (page) => page.click("main header button"),
    fullPage: false,
    ready: "dialog form",
  },
  {
    name: "confirm",
    path: "/settings/keys",
    mockOnly: true,
    act: (page) => page.click("main table button"),
    fullPage: false,
    ready: "dialog footer",
  },
  {
    name: "me",
    path: "/me",
    ready: "main table",
  },
  {
    name: "me-enrol",
    path: "/me",
    mockOnly: true,
    act: enrol,
    ready: "dialog svg[role=img]",
    fullPage: false,
  },
  {
    name: "me-codes",
    path: "/me",
    mockOnly: true,
    act: async (page) => {
      await enrol(page);
      await page.fill("dialog #confirm_code", "123456");
      await page.click("dialog button[type=submit]");
    },
    ready: "[data-testid=recovery_codes]",
    fullPage: false,
  },
  {
    name: "me-remove",
    path: "/me",
    mockOnly: true,
    before: (page) =>
      page.route("**/api/v1/session/second-factor", (route) =>
        route.fulfill({
          json: { on: true, since: "2026-03-04T02:00:00.000Z", recovery_codes_left: 2 },
        }),
      ),
    act: (page) => page.click("[data-testid=second_factor] button"),
    ready: "dialog form",
    fullPage: false,
  },
  {
    name: "me-error",
    path: "/me",
    before: lost("/sessions"),
    ready: "main [role=alert]",
  },
  { name: "reset", signedIn: false, path: "/reset?token=x", ready: "form" },
  { name: "reset-empty", signedIn: false, path: "/reset", ready: "h1" },
  {
    name: "reset-error",
    signedIn: false,
    before: lost("/reset"),
    path: "/reset?token=x",
    act: fill([
      ["#password", "correct horse battery"],
      ["#again", "correct horse battery"],
    ]),
    ready: "[role=alert]",
  },
  { name: "customers", path: "/customers", ready: "[data-testid=customers] .ant-tag" },
  {
    name: "customers-rule",
    path: `/customers?${new URLSearchParams({ rule })}`,
    ready: "[data-testid=customers] a[data-row]",
  },
  {
    name: "customers-export",
    path: `/customers?${new URLSearchParams({ rule })}`,
    act: (page) => page.click("[data-testid=export]"),
    ready: "dialog ul",
    fullPage: false,
  },
  {
    name: "customers-bulk",
    mockOnly: true,
    path: "/customers#search=CDNOW-0010",
    act: async (page) => {
      await page.click("[data-testid=customers] .ant-checkbox-wrapper");
      await page.locator("[data-testid=bulk] input").fill("等级/VIP");
      await page.locator("[data-testid=bulk] input").press("Enter");
    },
    ready: "[data-testid=bulk] p",
    fullPage: false,
  },
  {
    name: "customers-bulk-all",
    mockOnly: true,
    path: `/customers?${new URLSearchParams({ rule: "everyone" })}`,
    act: async (page) => {
      await page.locator("main .ant-btn-link").first().click();
      await page.locator("[data-testid=bulk] input").fill("等级/VIP");
      await page.locator("[data-testid=bulk] input").press("Enter");
    },
    ready: "dialog footer",
    fullPage: false,
  },
  {
    name: "customers-assign",
    mockOnly: true,
    path: "/customers#search=CDNOW-0010",
    act: async (page) => {
      await page.click("[data-testid=customers] .ant-checkbox-wrapper");
      await page.locator("[data-testid=bulk] select").selectOption("add_staff");
      await page.click("[data-testid=bulk] [role=combobox][aria-autocomplete]");
    },
    ready: "[data-testid=bulk] [role=option]",
    fullPage: false,
  },
  {
    name: "customers-first",
    before: unpeopled,
    path: "/customers",
    ready: "[data-testid=first_import]",
  },
  {
    name: "customers-empty",
    path: "/customers#search=zzz-no-one",
    ready: "[data-testid=customers]",
  },
  {
    name: "customers-error",
    before: lost("/customers/list"),
    path: "/customers",
    ready: "[role=alert]",
  },
  {
    name: "customers-loading",
    before: silent("/customers/list"),
    path: "/customers",
    ready: "[aria-busy=true]",
  },
  {
    name: "record",
    path: ({ customer }) => `/customers/${customer}`,
    ready: "[data-testid=history]",
  },
  { name: "record-empty", mockOnly: true, path: "/customers/new", ready: "[data-testid=totals]" },
  {
    name: "record-merged",
    mockOnly: true,
    path: "/customers/merged",
    ready: "[data-testid=reviews]",
  },
  {
    name: "record-erase",
    path: ({ customer }) => `/customers/${customer}`,
    act: (page) => page.click("[data-testid=person] header .ant-btn-dangerous"),
    ready: "dialog input",
    fullPage: false,
  },
  { name: "record-gone", path: "/customers/ghost", ready: "main h2" },
  {
    name: "record-error",
    before: lost("/customers/*"),
    path: "/customers/x",
    ready: "[role=alert]",
  },
  {
    name: "record-loading",
    before: silent("/customers/*"),
    path: "/customers/x",
    ready: "[aria-busy=true]",
  },
  {
    name: "imports",
    path: "/customers/import",
    ready: "main a[href^='/customers/import/']",
  },
  {
    name: "imports-empty",
    before: async (page) => {
      await page.route("**/api/v1/imports?*", (route) =>
        route.fulfill({ json: { imports: [], next: null } }),
      );
      await page.route("**/api/v1/uploads", (route) => route.fulfill({ json: { uploads: [] } }));
    },
    path: "/customers/import",
    ready: "main section section h2",
  },
  {
    name: "imports-error",
    before: lost("/imports?*"),
    path: "/customers/import",
    ready: "[role=alert]",
  },
  {
    name: "imports-loading",
    before: silent("/imports?*"),
    path: "/customers/import",
    ready: "[aria-busy=true]",
  },
  {
    name: "import",
    path: ({ made }) => `/customers/import/${made}`,
    ready: "[data-testid=counts]",
  },
  {
    name: "import-error",
    before: lost("/imports/*"),
    path: ({ made }) => `/customers/import/${made}`,
    ready: "[role=alert]",
  },
  { name: "import-gone", path: "/customers/import/999", ready: "main h2" },
  {
    name: "upload",
    mockOnly: true,
    path: "/customers/import/file/101",
    act: (page) => page.click("summary >> nth=0"),
    ready: "[data-testid=made]",
  },
  {
    name: "upload-error",
    before: lost("/uploads/*"),
    path: "/customers/import/file/101",
    ready: "[role=alert]",
  },
  { name: "upload-gone", path: "/customers/import/file/999", ready: "main h2" },
  { name: "reviews", mockOnly: true, path: "/customers/reviews", ready: "main table" },
  {
    name: "reviews-decided",
    mockOnly: true,
    path: "/customers/reviews?state=decided",
    ready: "main table",
  },
  {
    name: "reviews-empty",
    before: (page) =>
      page.route("**/api/v1/merge-reviews?*", (route) =>
        route.fulfill({ json: { merge_reviews: [], next: null } }),
      ),
    path: "/customers/reviews",
    ready: "main section h2",
  },
  {
    name: "reviews-error",
    before: lost("/merge-reviews?*"),
    path: "/customers/reviews",
    ready: "[role=alert]",
  },
  {
    name: "reviews-loading",
    before: silent("/merge-reviews?*"),
    path: "/customers/reviews",
    ready: "[aria-busy=true]",
  },
  { name: "tags", path: "/tags", ready: "[data-figures] a, main h2" },
  {
    name: "tags-empty",
    before: (page) =>
      page.route("**/api/v1/tags", (route) => route.fulfill({ json: { groups: [] } })),
    path: "/tags",
    ready: "main h2",
  },
  { name: "tags-error", before: lost("/tags"), path: "/tags", ready: "[role=alert]" },
  { name: "tags-loading", before: silent("/tags"), path: "/tags", ready: "[aria-busy=true]" },
  { name: "audiences", path: "/audiences", ready: "main svg[role=img], main h2" },
  {
    name: "audiences-empty",
    before: (page) =>
      page.route("**/api/v1/audiences", (route) => route.fulfill({ json: { audiences: [] } })),
    path: "/audiences",
    ready: "main h2",
  },
  {
    name: "audiences-error",
    before: lost("/audiences"),
    path: "/audiences",
    ready: "[role=alert]",
  },
  {
    name: "audiences-loading",
    before: silent("/audiences"),
    path: "/audiences",
    ready: "[aria-busy=true]",
  },
  {
    name: "audience",
    path: ({ audience }) => `/audiences/${audience}`,
    ready: "[data-testid=people]",
  },
  {
    name: "audience-person",
    path: ({ audience, customer }) => `/audiences/${audience}?person=${customer}`,
    ready: "[data-testid=explanation]",
  },
  { name: "audience-empty", path: "/audiences/new", ready: "[data-testid=blocks] button" },
  {
    name: "audience-built",
    path: `/audiences/new?${new URLSearchParams({ rule })}`,
    ready: "[data-testid=live_count]",
  },
  {
    name: "audience-sequence",
    mockOnly: true,
    path: `/audiences/new?${new URLSearchParams({
      rule: "did product_viewed then cart_added within 1h same(sku) then not order_paid within 24h",
    })}`,
    ready: "[data-testid=live_count]",
  },
  {
    name: "audience-mistake",
    path: `/audiences/new?${new URLSearchParams({ rule: "did order_paid in lst 30d" })}`,
    ready: "[data-mark=mistake]",
  },
  {
    name: "audience-conflict",
    mockOnly: true,
    before: (page) =>
      page.route("**/api/v1/audiences/3", (route) =>
        route.request().method() === "PUT"
          ? route.fulfill({
              status: 409,
              contentType: "application/problem+json",
              body: JSON.stringify({
                type: "about:blank",
                title: "Conflict",
                status: 409,
                code: "audience.version_differs",
                detail: "",
              }),
            })
          : route.continue(),
      ),
    path: "/audiences/3",
    act: async (page) => {
      await page.locator("textarea[role=combobox]").fill("did order_paid >= 4 times");
      await page.locator("header .ant-btn-primary:not([disabled])").click();
    },
    ready: "[data-testid=conflict]",
  },
  {
    name: "audience-error",
    before: lost("/audiences/3"),
    path: "/audiences/3",
    ready: "[role=alert]",
  },
  {
    name: "audience-loading",
    before: silent("/audiences/3"),
    path: "/audiences/3",
    ready: "[aria-busy=true]",
  },
  { name: "not-found", path: "/no-such-page", ready: "h2" },
  { name: "lost", before: lost("/session"), path: "/audiences/ask", ready: "[role=alert]" },
];

const SIZES = [
  { width: 1280, height: 800 },
  { width: 375, height: 720 },
];
// Dark in Chinese only: colours do not depend on the language. A page changes while it is open, so
// dark is the same page a moment later.
const LOOKS = [
  { language: "zh-CN", schemes: ["light", "dark"] },
  { language: "en", schemes: ["light"] },
];
if (process.env.SIYU_LOOKS === "1") LOOKS.splice(0, 2, { language: "zh-CN", schemes: ["light"] });

const states = STATES.filter(
  ({ name, mockOnly }) => (only.length === 0 || only.includes(name)) && !(real && mockOnly),
);

// Of one wait for one thing; there is no limit to the whole.
const WAIT_MS_MAX = 60_000;
const WORKERS = Number(process.env.SIYU_WORKERS ?? 2 * availableParallelism());

mkdirSync(folder, { recursive: true });
const begin = Date.now();
const browser = await launch();
let pictures = 0;
let faults = 0;
// A customer, an audience and an import that are there.
let known = null;
try {
  const cookies = real ? await signIn(browser) : [];
  known = real
    ? await whatIsThere(cookies)
    : { key: mock.fixtures.RECORD.key, customer: "c_42", audience: 3, made: 8 };
  if (mock && only.length === 0) {
    for (const each of uncovered(STATES, known)) {
      console.error(`no state shows ${each}`);
      ++faults;
    }
  }
  // One language after the other: the pretended program speaks one at a time.
  for (const look of LOOKS) {
    for (const size of SIZES) await takeAll({ look, size, cookies });
  }
} finally {
  await browser.close();
  await mock?.stop();
}
const wanted = states.length * LOOKS.flatMap(({ schemes }) => schemes).length * SIZES.length;
console.log(`${pictures} of ${wanted} pictures in ${folder}, ${faults} faults, ${seconds()} s`);
process.exit(faults === 0 && pictures > 0 && pictures === wanted ? 0 : 1);

function seconds() {
  return Math.round((Date.now() - begin) / 1000);
}

// Every state in one look, WORKERS at a time. Each worker has a program of its own to pretend.
async function takeAll({ look, size, cookies }) {
  const waiting = [...states];
  const worker = async () => {
    const seat = await mock?.seat();
    const contexts = {
      known: await contextOf({ look, size, cookies }),
      stranger: await contextOf({ look, size, cookies: [] }),
    };
    for (let state = waiting.shift(); state; state = waiting.shift()) {
      const isKnown = state.signedIn !== false;
      seat?.signIn(isKnown);
      const context = contexts[isKnown ? "known" : "stranger"];
      if (!isKnown) await context.clearCookies();
      await takeState({ state, look, size, context, at: seat?.url ?? base });
    }
    for (const context of Object.values(contexts)) await context.close();
    seat?.stop();
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  console.log(`${seconds()} s  ${look.language} ${size.width}: ${pictures} pictures`);
}

async function contextOf({ look, size, cookies }) {
  const context = await browser.newContext({
    viewport: size,
    locale: look.language,
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(WAIT_MS_MAX);
  await context.addCookies(cookies);
  // Nothing of what the page before has kept.
  await context.addInitScript((language) => {
    localStorage.clear();
    localStorage.setItem("siyu.language", language);
  }, look.language);
  return context;
}

async function takeState({ state, look, size, context, at }) {
  const page = await context.newPage();
  const wrong = watch(page);
  const named = (scheme) =>
    `${state.name}.${look.language}.${scheme === "dark" ? "dark." : ""}${size.width}`;
  try {
    await page.emulateMedia({ colorScheme: look.schemes[0] });
    await state.before?.(page);
    await page.goto(at + (typeof state.path === "function" ? state.path(known) : state.path));
    if (state.act) {
      await page.waitForSelector(state.path === "/" ? "[data-testid=palette]" : "form, main h1");
      await state.act(page);
    }
    // A part of the program on its way is busy too.
    await page.waitForSelector(state.ready);
    await page.waitForSelector("[data-part]", { state: "detached" });
    await page.waitForSelector(state.ready);
    for (const scheme of look.schemes) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForSelector(`html[data-appearance=${scheme}]`);
      await settled(page);
      // The whole page is taken from its top: what sticks there would stand in its middle.
      if (state.fullPage !== false) await page.evaluate(() => window.scrollTo(0, 0));
      const path = join(folder, `${named(scheme)}.png`);
      await page.screenshot({ path, fullPage: state.fullPage ?? true });
      ++pictures;
      wrong.push(...(await faultsOf(page)).map((fault) => `${scheme}: ${fault}`));
    }
  } catch (error) {
    wrong.push(String(error.message).split("\n")[0]);
  }
  for (const fault of wrong) console.error(`${named("light")}: ${fault}`);
  faults += wrong.length;
  await page.close();
}

async function signIn(browser) {
  const context = await browser.newContext();
  context.setDefaultTimeout(WAIT_MS_MAX);
  if (process.env.SIYU_NAME) {
    const page = await context.newPage();
    await page.goto(`${base}/sign-in`);
    await page.fill("#name", process.env.SIYU_NAME);
    await page.fill("#password", process.env.SIYU_PASSWORD ?? "");
    await page.click("button[type=submit]");
    await page.waitForSelector("[data-testid=user]");
  } else {
    const entered = await context.request.post(`${base}/api/v1/demo/session`);
    if (entered.status() !== 201) throw new Error(`no way into ${base}: ${await entered.text()}`);
  }
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function whatIsThere(cookies) {
  const headers = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  const ask = async (path) => (await fetch(`${base}/api/v1${path}`, { headers })).json();
  const { csrf_token } = await ask("/session");
  const people = await fetch(`${base}/api/v1/rules/list`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", "X-CSRF-Token": csrf_token },
    body: JSON.stringify({ rule, limit: 1 }),
  }).then((answer) => answer.json());
  const [{ audiences }, { imports }] = [await ask("/audiences"), await ask("/imports")];
  const [{ id, key }] = people.customers;
  return { key, customer: `c_${id}`, audience: audiences[0]?.id, made: imports[0]?.id };
}
