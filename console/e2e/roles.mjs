// Every role in a real browser: it finds the pages that docs/roles.md gives it and is told so on
// all others; what it is offered there it may do; and no page asks the program for anything that is
// refused. The API's side, every route by every role and scope, is src/server/role_test.cpp.
//
//   SIYU_URL=http://127.0.0.1:8080 SIYU_NAME=… SIYU_PASSWORD=… SIYU_CUSTOMER=k000 node e2e/roles.mjs
//
// SIYU_NAME is an owner; SIYU_CUSTOMER somebody who is there. Leaves four more users behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { launch, watch } from "./browser.mjs";
import { faultsOf } from "./checks.mjs";
import { allPages } from "./pages.mjs";

const base = process.env.SIYU_URL.replace(/\/$/, "");
const customer = process.env.SIYU_CUSTOMER;
const owner = { name: process.env.SIYU_NAME, password: process.env.SIYU_PASSWORD };
const words = JSON.parse(
  readFileSync(new URL("../src/locales/zh-CN.json", import.meta.url), "utf8"),
);
const ROLES = ["owner", "admin", "operator", "engineer", "analyst"];

// What a button offers: on this page, by this permission.
const OFFERS = [
  ["/settings/users", words.users.invite, "users.write"],
  ["/settings/accounts", words.accounts.add, "accounts.write"],
  ["/settings/stores", words.stores.add, "accounts.write"],
  ["/settings/staff", words.staff.add, "accounts.write"],
  ["/settings/keys", words.keys.create, "keys.write"],
  ["/settings/backups", words.backup.make, "settings.write"],
  ["/ledger", words.ledger.add_asset, "ledger.write"],
  ["/settings/outbox", words.outbox.stop_marketing, "outbox.write"],
  ["/settings/webhooks", words.webhooks.add, "settings.write"],
  ["/settings/http-channels", words.channels.add, "settings.write"],
  ["/audiences", words.audience.new, "audiences.write"],
  [`/customers/${customer}`, words.person.merge, "customers.merge"],
  [`/customers/${customer}`, words.person.erase, "customers.erase"],
];

const granted = permissionsOf(
  readFileSync(new URL("../../docs/roles.md", import.meta.url), "utf8"),
);
// Those that need no more than the customer to be opened.
const pages = allPages().filter(
  ({ path }) => !path.includes(":") || path === "/customers/:customer",
);

const browser = await launch();
try {
  await makeUsers();
  for (const role of ROLES) {
    await walk(role);
    console.log(`ok  ${role}: ${pages.length} pages, ${OFFERS.length} offers`);
  }
} finally {
  await browser.close();
}

async function makeUsers() {
  const context = await browser.newContext();
  const session = await signIn(await context.newPage(), owner);
  for (const role of ROLES.slice(1)) {
    const answer = await context.request.post(`${base}/api/v1/users`, {
      headers: { "X-CSRF-Token": session.csrf_token },
      data: { ...userOf(role), role },
    });
    assert.equal(answer.status(), 201, await answer.text());
  }
  await context.close();
}

function userOf(role) {
  return role === "owner" ? owner : { name: `e2e.${role}`, password: `a password for ${role}` };
}

async function signIn(page, { name, password }) {
  await page.goto(`${base}/sign-in`);
  await page.fill("#name", name);
  await page.fill("#password", password);
  await page.click("button[type=submit]");
  await page.getByTestId("user").waitFor();
  return page.evaluate(() => fetch("/api/v1/session").then((answer) => answer.json()));
}

async function walk(role) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "zh-CN",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = watch(page);
  const refused = [];
  page.on("response", (answer) => {
    if (answer.status() === 403) refused.push(`${answer.request().method()} ${answer.url()}`);
  });
  const session = await signIn(page, userOf(role));
  const may = (permission) => permission === null || granted[role].has(permission);
  assert.deepEqual([...session.permissions].sort(), [...granted[role]].sort(), role);

  for (const { path, permission } of pages) {
    const where = `${role} ${path}`;
    await page.goto(base + path.replace(":customer", customer), { waitUntil: "networkidle" });
    const notAllowed = page.getByText(words.not_allowed.title);
    assert.equal(await notAllowed.count(), may(permission) ? 0 : 1, where);
    assert.deepEqual(await offered(page), expectedOffers(path, may), where);
    assert.deepEqual(
      [...faults.splice(0), ...refused.splice(0), ...(await faultsOf(page))],
      [],
      where,
    );
  }
  assert.deepEqual(await menuOf(page), expectedMenu(may), `${role}: the menu`);
  await context.close();
}

async function offered(page) {
  const names = [];
  for (const [, name] of OFFERS) {
    if ((await page.getByRole("button", { name, exact: true }).count()) > 0) names.push(name);
  }
  return names;
}

function expectedOffers(path, may) {
  const open = pages.find((page) => page.path === path);
  if (!may(open.permission)) return [];
  const here = path.replace(":customer", customer);
  return OFFERS.filter(([at, , permission]) => at === here && may(permission)).map(
    ([, name]) => name,
  );
}

// The tops of the menu, whichever page is open.
function menuOf(page) {
  return page
    .locator("nav > ul > li > a")
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
}

function expectedMenu(may) {
  return pages
    .filter(({ below, hidden, permission }) => !below && !hidden && may(permission))
    .map(({ path }) => path);
}

// "| `users.read` | ● | ● |  |  |  | …": the columns are the roles in their order.
function permissionsOf(text) {
  const rows = [...text.matchAll(/^\| `([a-z.]+)` \|(.*)$/gm)];
  assert.ok(rows.length > 20, "the table of roles is not read");
  return Object.fromEntries(
    ROLES.map((role, column) => [
      role,
      new Set(
        rows
          .filter(([, , cells]) => cells.split("|")[column].includes("●"))
          .map(([, name]) => name),
      ),
    ]),
  );
}
