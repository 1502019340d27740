// Everything below Settings.
import { lost, silent } from "./pretended.mjs";

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
const troubled = (healthy) => (route) => {
  const system = structuredClone(healthy);
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

export const settings = ({ mock }) => [
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
    before: (page) => page.route("**/api/v1/system", troubled(mock.system)),
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
];
