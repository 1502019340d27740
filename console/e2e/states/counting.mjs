// What is counted and what goes out.
import { lost } from "./pretended.mjs";

const answer = (path, json) => (page) =>
  page.route(`**/api/v1${path}`, (route) => route.fulfill({ json }));

const AT = "2026-03-04T02:00:00.000Z";
const WRONG = {
  state: "wrong",
  proved_at: AT,
  accounts: 1200,
  bundles: 45_000,
  postings: 90_000,
  wrong: ["account 70 posted", "bundle 12 sum", "lot 9"],
};
const PAUSED = { pauses: [{ what: "marketing", since: AT, by_whom: "user:1 zhang.wei" }] };

export function counting() {
  return [
    {
      name: "home-lights",
      mockOnly: true,
      path: "/",
      before: async (page) => {
        await answer("/ledger/proof", WRONG)(page);
        await answer("/outbox/pauses", PAUSED)(page);
      },
      ready: "[data-testid=paused] a",
    },
    { name: "ledger", mockOnly: true, path: "/ledger?asset=cash", ready: "main table" },
    { name: "ledger-cause", mockOnly: true, path: "/ledger?why=order%3A1001", ready: "main table" },
    {
      name: "ledger-empty",
      path: "/ledger?asset=nothing",
      before: answer("/ledger/accounts*", { accounts: [], next: null }),
      ready: "[data-testid=books] [role=status]",
    },
    {
      name: "ledger-error",
      path: "/ledger",
      before: lost("/ledger/proof"),
      ready: "main [role=alert]",
    },
    {
      name: "ledger-bundle",
      mockOnly: true,
      path: "/ledger?why=order%3A1001&bundle=pay%2F1001",
      ready: "[data-testid=postings] table a[href='/ledger/71']",
    },
    {
      name: "ledger-wrong",
      path: "/ledger",
      before: answer("/ledger/proof", WRONG),
      ready: "[data-testid=books] li",
    },
    {
      name: "ledger-asset-add",
      path: "/ledger",
      act: (page) => page.locator("[data-testid=assets] header button").click(),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "ledger-account-open",
      mockOnly: true,
      path: "/ledger",
      act: (page) => page.locator("[data-testid=accounts] header button").click(),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "ledger-adjust",
      mockOnly: true,
      path: "/ledger/70",
      act: async (page) => {
        await page.locator("main header button").first().click();
        await page.locator("dialog #difference").fill("-12.5");
      },
      fullPage: false,
      ready: "dialog [data-testid=outcome]",
    },
    {
      name: "ledger-account-at",
      mockOnly: true,
      path: "/ledger/70?at=2026-03-04T08%3A00",
      ready: "[data-testid=at]",
    },
    { name: "ledger-account", mockOnly: true, path: "/ledger/70", ready: "main table" },
    {
      name: "ledger-account-empty",
      mockOnly: true,
      path: "/ledger/70",
      before: answer("/ledger/accounts/70/statement*", { rows: [], next: null }),
      ready: "[data-testid=statement]",
    },
    {
      name: "ledger-account-error",
      path: "/ledger/70",
      before: lost("/ledger/accounts/70*"),
      ready: "main [role=alert]",
    },
    { name: "outbox", mockOnly: true, path: "/settings/outbox", ready: "[data-testid=dead] table" },
    {
      name: "outbox-paused",
      mockOnly: true,
      path: "/settings/outbox",
      before: answer("/outbox/pauses", PAUSED),
      ready: "[data-testid=pauses] [role=alert]",
    },
    {
      name: "outbox-stop",
      path: "/settings/outbox",
      act: (page) => page.locator("[data-testid=pauses] tbody button").first().click(),
      fullPage: false,
      ready: "dialog footer button",
    },
    {
      name: "outbox-empty",
      path: "/settings/outbox",
      before: answer("/outbox/dead-letters*", { intents: [], next: null }),
      ready: "[data-testid=pauses] table",
    },
    {
      name: "outbox-error",
      path: "/settings/outbox",
      before: lost("/outbox/pauses"),
      ready: "main [role=alert]",
    },
    { name: "webhooks", mockOnly: true, path: "/settings/webhooks", ready: "main table" },
    {
      name: "webhooks-add",
      path: "/settings/webhooks",
      act: (page) => page.click("main header button"),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "webhooks-deliveries",
      mockOnly: true,
      path: "/settings/webhooks",
      act: async (page) => {
        await page.locator("main table button").first().click();
        await page.mouse.move(0, 0);
      },
      ready: "[data-testid=deliveries] table",
    },
    {
      name: "webhooks-empty",
      path: "/settings/webhooks",
      before: answer("/webhooks", { webhooks: [] }),
      ready: "main header button",
    },
    {
      name: "webhooks-error",
      path: "/settings/webhooks",
      before: lost("/webhooks"),
      ready: "main [role=alert]",
    },
    { name: "channels", mockOnly: true, path: "/settings/http-channels", ready: "main table" },
    {
      name: "channels-add",
      path: "/settings/http-channels",
      act: (page) => page.click("main header button"),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "channels-test",
      mockOnly: true,
      path: "/settings/http-channels",
      act: (page) => page.locator("main table button").nth(1).click(),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "channels-secret",
      mockOnly: true,
      path: "/settings/http-channels",
      act: (page) => page.locator("main table button").nth(2).click(),
      fullPage: false,
      ready: "dialog form",
    },
    {
      name: "channels-empty",
      path: "/settings/http-channels",
      before: answer("/http-channels", { channels: [] }),
      ready: "main header button",
    },
    {
      name: "channels-error",
      path: "/settings/http-channels",
      before: lost("/http-channels"),
      ready: "main [role=alert]",
    },
  ];
}
