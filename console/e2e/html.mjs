// What people write stays text: customers, tags, attributes, audiences, files and more are named in
// HTML that would run, and every page that shows them shows the very words. Then the same as a file.
//
//   SIYU_URL=http://127.0.0.1:8080 SIYU_NAME=… SIYU_PASSWORD=… node e2e/html.mjs
//
// SIYU_NAME is an owner. Leaves what it has named behind.
import assert from "node:assert/strict";
import { launch, watch } from "./browser.mjs";
import { allPages } from "./pages.mjs";

const base = process.env.SIYU_URL.replace(/\/$/, "");

// Would say that it ran, and is told apart by what it would leave on the page. Without a slash: in
// the names of files and between a tag and its group one means something.
const open = (where) => `<img src=x onerror="planted('${where}')"><b class=planted>${where}`;
const whole = (where) => `<script>planted('${where}')</script>${open(where)}</b>`;

const KEY = whole("key");
const NAME = whole("name");
const ATTRIBUTE = open("attribute");
const VALUE = whole("value");
const GROUP = open("group");
const TAG = open("tag");
const LIST = whole("list");
const AUDIENCE = open("audience");
const EVENT = open("event");
const PROPERTY = open("property");
const STAFF = open("staff");
const STORE = open("store");
const ACCOUNT = open("account");
const USER = whole("user");
const FILE = `${open("file")}.csv`;
const FORMULA = '=HYPERLINK("http://127.0.0.1/","<b class=planted>")';
// A spreadsheet reads a cell that begins so as a formula.
const FORMULA_BEGINS = /^[=+\-@\t\r]/;

const browser = await launch();
try {
  const context = await browser.newContext({ locale: "zh-CN" });
  await context.addInitScript(() => {
    globalThis.ran = [];
    globalThis.planted = (where) => globalThis.ran.push(where);
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = watch(page);
  await signIn(page);
  const there = await plant(page);
  const shown = await expected(there);
  for (const [path, texts] of shown) {
    await page.goto(base + path, { waitUntil: "networkidle" });
    await isText(page, path, texts);
  }
  await inThePalette(page);
  await inAFile(page);
  assert.deepEqual(faults, []);
  console.log(
    `ok  what people write is text on ${shown.length} pages, in the palette and in a file`,
  );
} finally {
  await browser.close();
}

async function signIn(page) {
  await page.goto(`${base}/sign-in`);
  await page.fill("#name", process.env.SIYU_NAME);
  await page.fill("#password", process.env.SIYU_PASSWORD);
  await page.click("button[type=submit]");
  await page.getByTestId("user").waitFor();
}

// As the page asks: with its session and its token.
async function ask(page, path, body, type = "application/json") {
  const { status, answer } = await page.evaluate(
    async ([path, body, type]) => {
      const session = await fetch("/api/v1/session").then((own) => own.json());
      const reply = await fetch(`/api/v1${path}`, {
        method: body === null ? "GET" : "POST",
        headers: { "Content-Type": type, "X-CSRF-Token": session.csrf_token },
        ...(body === null ? {} : { body }),
      });
      return { status: reply.status, answer: await reply.text() };
    },
    [path, body === null || type !== "application/json" ? body : JSON.stringify(body), type],
  );
  assert.ok(status >= 200 && status < 300, `${path}: ${status} ${answer}`);
  return JSON.parse(answer);
}

// Something of every kind; answers the numbers they are found by.
async function plant(page) {
  await ask(page, "/tags", { group: GROUP, name: TAG });
  await ask(page, "/attributes", { name: ATTRIBUTE, type: "text" });
  await ask(page, "/event-types", {
    name: EVENT,
    properties: [{ name: PROPERTY, type: "text" }],
  });
  const attributes = { name: NAME, [ATTRIBUTE]: VALUE };
  const tags = [`${GROUP}/${TAG}`];
  const { position } = await ask(page, "/customers", {
    customers: [
      { customer: KEY, attributes, tags },
      { customer: "formula", attributes: { name: FORMULA } },
    ],
  });
  await ask(page, "/events", {
    events: [{ customer: KEY, event: EVENT, properties: { [PROPERTY]: VALUE } }],
  });
  const { id: list } = await ask(page, "/lists", { name: LIST });
  await ask(page, `/lists/${list}/customers`, { add: [KEY] });
  const rule = `tag "${`${GROUP}/${TAG}`.replaceAll('"', '\\"')}"`;
  const { id: audience } = await ask(page, "/audiences", { name: AUDIENCE, rule });
  const { customers } = await ask(page, "/customers/list", { rule, at_least: position });
  const { id: staff } = await ask(page, "/staff", { number: "html", name: STAFF });
  await ask(page, "/stores", { code: "html", name: STORE });
  await ask(page, "/accounts", {
    kind: "official_account",
    external_id: "wx-html",
    name: ACCOUNT,
  });
  await ask(page, "/users", {
    name: "html",
    display_name: USER,
    role: "analyst",
    password: "a long enough password",
  });
  const rows = `customer,name\nfrom-a-file,${NAME.replaceAll('"', "'")}\n`;
  const { id: upload } = await ask(
    page,
    `/uploads?file=${encodeURIComponent(FILE)}`,
    rows,
    "application/octet-stream",
  );
  assert.equal(customers.length, 1);
  return { customer: `c_${customers[0].id}`, audience, staff, upload, rule };
}

// Every page with what stands on it; those that name nothing of it are looked at all the same.
async function expected({ customer, audience, staff, upload, rule }) {
  const list = new URLSearchParams({ rule });
  list.append("column", `attribute:${ATTRIBUTE}`);
  list.append("column", "tags");
  const pages = new Map([
    [`/customers?${list}`, [KEY, ATTRIBUTE, VALUE, TAG]],
    [`/customers/${customer}`, [NAME, KEY, ATTRIBUTE, VALUE, TAG, LIST, EVENT]],
    [`/audiences/ask?${new URLSearchParams({ rule, person: customer })}`, [KEY, NAME, TAG]],
    [`/audiences/${audience}?person=${customer}`, [AUDIENCE, KEY, TAG]],
    ["/audiences", [AUDIENCE, TAG]],
    ["/tags", [GROUP, TAG, LIST]],
    [`/customers/import/file/${upload}`, [FILE]],
    ["/customers/import", [FILE]],
    ["/settings/attributes", [ATTRIBUTE]],
    ["/settings/events", []],
    ["/settings/users", [USER]],
    ["/settings/staff", [STAFF]],
    [`/settings/staff/${staff}`, [STAFF]],
    ["/settings/stores", [STORE]],
    ["/settings/accounts", [ACCOUNT]],
    ["/settings/audit", []],
  ]);
  for (const { path } of allPages()) {
    if (!path.includes(":") && !pages.has(path)) pages.set(path, []);
  }
  return [...pages];
}

// The very words are there, nothing of them has become a part of the page, and nothing ran.
async function isText(page, where, texts) {
  const found = await page.evaluate(() => ({
    ran: globalThis.ran,
    parts: document.querySelectorAll(".planted, img[src='x'], [onerror]").length,
    text: [
      document.title,
      document.body.textContent,
      ...[...document.querySelectorAll("input, textarea")].map(({ value }) => value),
    ].join("\n"),
  }));
  assert.deepEqual({ ran: found.ran, parts: found.parts }, { ran: [], parts: 0 }, where);
  for (const text of texts) assert.ok(found.text.includes(text), `${where} shows ${text}`);
}

async function inThePalette(page) {
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette_text").fill(AUDIENCE);
  await page.getByRole("option").first().waitFor();
  await isText(page, "the palette", [AUDIENCE]);
  await page.getByTestId("palette_text").fill(KEY.slice(0, 12));
  await page.getByRole("option").filter({ hasText: NAME }).waitFor();
  await isText(page, "the palette", [NAME, KEY]);
}

async function inAFile(page) {
  const file = await page.evaluate(async (attribute) => {
    const session = await fetch("/api/v1/session").then((own) => own.json());
    const reply = await fetch("/api/v1/customers/export?form=csv", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token },
      body: JSON.stringify({ columns: ["attribute:name", `attribute:${attribute}`, "tags"] }),
    });
    return {
      type: reply.headers.get("Content-Type"),
      sniff: reply.headers.get("X-Content-Type-Options"),
      kept: reply.headers.get("Content-Disposition"),
      text: await reply.text(),
    };
  }, ATTRIBUTE);
  assert.match(file.type, /^text\/csv/);
  assert.equal(file.sniff, "nosniff");
  assert.match(file.kept ?? "", /^attachment/);
  const cells = cellsOf(file.text.replace(/^\uFEFF/, ""));
  for (const text of [KEY, NAME, VALUE]) assert.ok(cells.includes(text), `the file holds ${text}`);
  assert.ok(cells.some((cell) => cell.includes(FORMULA)));
  assert.deepEqual(
    cells.filter((cell) => FORMULA_BEGINS.test(cell)),
    [],
  );
}

// Cells in quotation marks may hold commas and ends of lines.
function cellsOf(text) {
  const cells = text.matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^,\r\n]*))/g);
  return [...cells].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
