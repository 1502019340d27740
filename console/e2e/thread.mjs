// One thread, end to end, in a real browser: first start → sign in → a rule with a mistake → fixed →
// count → one person → why → the other language → back → sign out.
//
//   SIYU_URL=http://127.0.0.1:8080 SIYU_SETUP_LINK=http://127.0.0.1:8080/setup#token=… node e2e/thread.mjs
//
// Without SIYU_SETUP_LINK it signs in as SIYU_NAME with SIYU_PASSWORD. Without SIYU_URL it runs
// against the pretended program. SIYU_MISTAKE and SIYU_RULE: a rule whose mistake one click turns
// into the other, which somebody matches.
import assert from "node:assert/strict";
import { launch, watch } from "./browser.mjs";
import { faultsOf } from "./checks.mjs";
import { startMock } from "./mock_server.mjs";

const mock = process.env.SIYU_URL ? null : await startMock();
mock?.signIn(false);
const base = (process.env.SIYU_URL ?? mock.url).replace(/\/$/, "");
const link = process.env.SIYU_SETUP_LINK ?? (mock ? `/setup#token=${mock.mock.SETUP_TOKEN}` : "");
const name = process.env.SIYU_NAME ?? "zhang.wei";
const password = process.env.SIYU_PASSWORD ?? mock?.mock.PASSWORD ?? "a long enough password";
const mistake =
  process.env.SIYU_MISTAKE ?? "did order_paid since 2010-01-01 or did order_paid in lst 30d";
const rule = process.env.SIYU_RULE ?? mistake.replace("lst", "last");

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "zh-CN" });
page.setDefaultTimeout(15_000);
// Everything is forgotten and asked anew: on a busy machine that takes its time.
const SIGN_OUT_MS = 60_000;
const faults = watch(page);
const byId = (id) => page.getByTestId(id);
const rulesArea = () => page.locator("textarea");

async function step(what, run) {
  await run();
  const found = [...faults.splice(0), ...(await faultsOf(page))];
  assert.deepEqual(found, [], what);
  console.log(`ok  ${what}`);
}

try {
  if (link) {
    await step("first start makes the owner", async () => {
      await page.goto(new URL(link, base).href);
      await page.fill("#name", name);
      await page.fill("#password", password);
      await page.fill("#again", password);
      await page.click("button[type=submit]");
      await byId("user").waitFor();
    });
    await step("sign out", signOut);
  }

  await step("a stranger signs in first and comes back to the question", async () => {
    await page.goto(`${base}/audiences/ask?rule=everyone`);
    await page.waitForURL(/\/sign-in/);
    await page.fill("#name", name);
    await page.fill("#password", `${password}?`);
    await page.click("button[type=submit]");
    await page.getByRole("alert").waitFor();
    await page.fill("#password", password);
    await page.click("button[type=submit]");
    await byId("count").waitFor();
    assert.equal(await rulesArea().inputValue(), "everyone");
  });

  await step("a mistake is underlined in place", async () => {
    await rulesArea().fill(mistake);
    const mark = page.locator("[data-mark=mistake]");
    await mark.waitFor({ state: "attached" });
    assert.equal(await mark.textContent(), "lst");
    const [word, area] = [await mark.boundingBox(), await rulesArea().boundingBox()];
    assert.ok(word.x > area.x && word.y > area.y && word.y < area.y + area.height);
  });

  await step("one click fixes it", async () => {
    await byId("fix").click();
    assert.equal(await rulesArea().inputValue(), rule);
    await page.locator("[data-mark]").waitFor({ state: "detached" });
  });

  await step("the count and the people", async () => {
    await rulesArea().press("Control+Enter");
    await page.waitForURL((url) => url.searchParams.get("rule") === rule);
    await byId("people").waitFor();
    assert.match(await byId("count").textContent(), /^[1-9][\d,]*/);
  });

  let person = "";
  await step("one person: why, record, history", async () => {
    const first = byId("people").locator("a").first();
    person = (await first.textContent()).trim();
    const number = new URL(await first.evaluate(({ href }) => href)).searchParams.get("person");
    await first.click();
    await byId("explanation").waitFor();
    await byId("history").first().waitFor();
    assert.match(await byId("explanation").textContent(), /符合/);
    // A key may be a phone: addresses hold the number.
    assert.match(number, /^c_\d+$/);
    assert.equal(new URL(page.url()).searchParams.get("person"), number);
  });

  await step("the address comes back as it was", async () => {
    await page.reload();
    await byId("explanation").waitFor();
    assert.equal(await rulesArea().inputValue(), rule);
    // Texts of people hold what patterns mean something by: "CDNOW-00001139****0001".
    assert.ok((await byId("person").textContent()).includes(person));
  });

  await step("English behind a switch, and kept", async () => {
    await byId("user").click();
    await page.getByRole("menuitem", { name: "English" }).click();
    await page.getByText("Matches", { exact: true }).waitFor();
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.reload();
    await page.getByText("Matches", { exact: true }).waitFor();
  });

  await step("back and forward", async () => {
    await page.goBack();
    await byId("explanation").waitFor({ state: "detached" });
    await page.goForward();
    await byId("explanation").waitFor();
  });

  await step("sign out", signOut);
  await step("nothing is left to see", async () => {
    await page.goBack();
    await page.waitForURL(/\/sign-in/);
  });
} finally {
  await browser.close();
  await mock?.stop();
}

async function signOut() {
  await byId("user").click();
  await page.getByRole("menuitem", { name: /^(退出登录|Sign out)$/ }).click();
  await page.waitForURL(/\/sign-in/, { timeout: SIGN_OUT_MS });
}
