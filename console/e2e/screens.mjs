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
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { launch, watch } from "./browser.mjs";
import { faultsOf, settled } from "./checks.mjs";
import { uncovered } from "./coverage.mjs";
import { startMock } from "./mock_server.mjs";
import { audiences } from "./states/audiences.mjs";
import { counting } from "./states/counting.mjs";
import { customers } from "./states/customers.mjs";
import { entrance } from "./states/entrance.mjs";
import { lifecycle } from "./states/lifecycle.mjs";
import { live } from "./states/live.mjs";
import { settings } from "./states/settings.mjs";

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
let states = [];
try {
  const cookies = real ? await signIn(browser) : [];
  known = real
    ? await whatIsThere(cookies)
    : { key: mock.fixtures.RECORD.key, customer: "c_42", audience: 3, made: 8 };
  const all = [entrance, audiences, live, customers, lifecycle, counting, settings].flatMap(
    (part) => part({ mock, known, rule }),
  );
  states = all.filter(
    ({ name, mockOnly }) => (only.length === 0 || only.includes(name)) && !(real && mockOnly),
  );
  if (mock && only.length === 0) {
    for (const each of uncovered(all, known)) {
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

// before: with the page not yet opened; act: on the open page; ready: what the picture waits for.
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
