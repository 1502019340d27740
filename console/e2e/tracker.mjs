// The tracker in a real browser, on a shop of another origin, against the real program.
//
//   SIYU=build/dev/src/cli/siyu SIYU_URL=http://127.0.0.1:8080 SIYU_DATA=folder node e2e/tracker.mjs
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { launch, watch } from "./browser.mjs";

const siyu = process.env.SIYU;
const base = process.env.SIYU_URL.replace(/\/$/, "");
const data = process.env.SIYU_DATA;

function run(...args) {
  return execFileSync(siyu, [...args, "--data", data, "--json"], { encoding: "utf8" });
}
function count(rule) {
  return JSON.parse(run("count", rule)).count;
}
// The program answers with what was committed before; a beacon arrives when it arrives.
async function until(what, holds) {
  for (let i = 0; i < 100; i += 1) {
    if (holds()) return console.log(`ok  ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail(what);
}

let script = "";
const shop = createServer((_request, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!doctype html><title>乌龙茶</title>${script}`);
});
await new Promise((resolve) => shop.listen(0, "127.0.0.1", resolve));
const site = `http://localhost:${shop.address().port}`;
const key = JSON.parse(run("key", "create", "site", "--origin", site)).secret;
script = `<script>window.siyu = window.siyu || []; siyu.push(["page"]);</script>
<script src="${base}/siyu.js" data-key="${key}" async></script>`;

const browser = await launch();
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  const faults = watch(page);
  const taken = () => page.waitForResponse((answer) => answer.url().includes("/api/v1/t/batch"));

  let answer = taken();
  await page.goto(`${site}/tea`);
  assert.equal((await answer).status(), 200);
  await until("a page is told from another origin", () => count("did page_viewed") === 1);

  answer = taken();
  await page.evaluate(() => {
    siyu.productViewed({ product_id: "A-7", name: "乌龙茶", price: 12.5 });
    siyu.identify("visitor-1", { city: "杭州" });
    siyu.track("Newsletter Wanted");
  });
  assert.equal((await answer).status(), 200);
  await until(
    "the visitor is one person, with what they did before",
    () =>
      count(
        'did page_viewed and did product_viewed where (sku = "A-7") and did newsletter_wanted and city = "杭州"',
      ) === 1 && count("did page_viewed") === 1,
  );

  // No network: what happened waits, also over a reload, and goes when the network is back.
  await page.context().setOffline(true);
  await page.evaluate(() => siyu.track("Told Later"));
  await page.waitForEvent("requestfailed");
  await page.context().setOffline(false);
  answer = taken();
  await page.reload();
  assert.equal((await answer).status(), 200);
  await until("what waits survives a reload", () => count("did told_later") === 1);

  await page.evaluate(() => siyu.track("Last Word"));
  await page.close({ runBeforeUnload: false });
  await until("a page that closes has told", () => count("did last_word") === 1);

  const other = await browser.newPage();
  const theirs = watch(other);
  await other.goto(`${site}/again`);
  await other.waitForFunction(() => typeof window.siyu.optOut === "function");
  const before = count("did page_viewed >= 3 times");
  await other.evaluate(() => {
    siyu.optOut();
    siyu.track("Never Told");
  });
  assert.equal(await other.evaluate(() => Object.keys(localStorage).join()), "siyu.out");
  assert.equal(count("did page_viewed >= 3 times"), before);
  console.log("ok  who opts out leaves nothing behind");

  // The same key on another site: the browser may not even read why.
  const evil = await browser.newPage();
  const refused = evil.waitForEvent("requestfailed", (request) =>
    request.url().includes("/api/v1/t/batch"),
  );
  await evil.goto(site.replace("localhost", "127.0.0.1"));
  await refused;
  console.log("ok  another site cannot use the key");
  assert.deepEqual([...faults, ...theirs], []);
} finally {
  await browser.close();
  shop.close();
}
