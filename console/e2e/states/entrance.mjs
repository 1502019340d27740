// The ways in, Home, what stands over every page, whoever is signed in.
import { randomUUID } from "node:crypto";
import { fill, lost, silent, unpeopled } from "./pretended.mjs";

const HEALTH = { status: "ok", reason: "", version: "0.1.0", database: "sqlite", position: "1" };
const demoThat = (state) => ({
  offered: true,
  state,
  customers_made: state === "starting" ? 4_200 : 0,
  customers: state === "starting" ? 20_000 : 0,
  address: state === "running" ? "http://127.0.0.1:8090/demo?ticket=1" : null,
});

const enrol = async (page) => {
  await page.click("[data-testid=second_factor] button");
  await page.fill("dialog #prove_password", "correct horse");
  await page.click("dialog button[type=submit]");
  await page.waitForSelector("dialog svg[role=img]");
};

export const entrance = ({ mock, known }) => [
  { name: "setup", signedIn: false, path: "/setup#token=one-time-token", ready: "form" },
  { name: "setup-empty", signedIn: false, path: "/setup", ready: "h1" },
  {
    name: "setup-error",
    signedIn: false,
    path: "/setup#token=used",
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
  { name: "home", path: "/", ready: "[data-testid=river] rect" },
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
  {
    name: "user-menu",
    path: "/audiences/ask",
    act: (page) => page.click("[data-testid=user]"),
    ready: "[role=menu]",
    // A resized page closes its menus.
    fullPage: false,
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
  { name: "reset", signedIn: false, path: "/reset#token=x", ready: "form" },
  { name: "reset-empty", signedIn: false, path: "/reset", ready: "h1" },
  {
    name: "reset-error",
    signedIn: false,
    before: lost("/reset"),
    path: "/reset#token=x",
    act: fill([
      ["#password", "correct horse battery"],
      ["#again", "correct horse battery"],
    ]),
    ready: "[role=alert]",
  },
  { name: "not-found", path: "/no-such-page", ready: "h2" },
  { name: "lost", before: lost("/session"), path: "/audiences/ask", ready: "[role=alert]" },
];
