// A newcomer, from the empty program to a file of their own customers, in a real browser:
// the one-time link → the demo beside it, looked at and left alone → a file through the wizard → an
// audience of blocks → one person and why → the audience as a file.
//
//   SIYU=… SIYU_WEB=…/console/dist node e2e/first_run.mjs
//
// Starts the program SIYU on a folder of its own, and kills it: the demo must go with it.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, watch } from "./browser.mjs";
import { listening, serve, stepsOf } from "./program.mjs";

const MADE_WITHIN_MS = 180_000; // of the demo; about ten seconds on a machine with nothing else to do
const folder = mkdtempSync(join(tmpdir(), "siyu-first-run."));
const server = serve(join(folder, "data"), "127.0.0.1:0");
const ended = new Promise((resolve) => server.once("exit", resolve));
const browser = await launch();

try {
  const { address, setup } = await listening(server);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "zh-CN",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults = watch(page);
  const step = stepsOf(page, faults);

  await step("the one-time link makes the owner, who is led", async () => {
    await page.goto(address + setup);
    await page.fill("#name", "zhang.wei");
    await page.fill("#password", "a long enough password");
    await page.fill("#again", "a long enough password");
    await page.click("button[type=submit]");
    await page.getByTestId("first_import").waitFor();
  });

  let demo = null;
  await step("the demo is made beside it, and tells how far it is", async () => {
    const offer = page.getByTestId("demo");
    await offer.getByRole("button", { name: "打开示例品牌" }).click();
    await offer.getByText(/正在准备：[\d,]+ \/ 20,000 位客户/).waitFor({ timeout: MADE_WITHIN_MS });
    const open = offer.getByRole("link", { name: "进入示例品牌" });
    await open.waitFor({ timeout: MADE_WITHIN_MS });
    const tab = context.waitForEvent("page");
    await open.click();
    demo = await tab;
  });

  let demoAddress = "";
  await step("it is entered without a password, and has figures", async () => {
    demo.setDefaultTimeout(30_000);
    await demo.getByText("这是示例品牌").first().waitFor();
    const figure = demo.getByTestId("customers").getByRole("link").first();
    await figure.waitFor();
    assert.match(await figure.textContent(), /20,000/);
    const url = new URL(demo.url());
    demoAddress = url.origin;
    assert.notEqual(url.origin, new URL(address).origin);
    assert.equal(url.search, "", "the ticket does not stay in the address");
  });

  await step("one's own data are untouched, and one is still signed in there", async () => {
    const mine = await page.evaluate(() => fetch("/api/v1/customers").then((own) => own.json()));
    assert.deepEqual(mine.customers, []);
    assert.ok(existsSync(join(folder, "demo", "siyu.db")));
    await page.reload();
    await page.getByTestId("first_import").waitFor();
  });

  await step("a ticket is good for once", async () => {
    const { address: entrance } = await page.evaluate(() =>
      fetch("/api/v1/demo").then((answer) => answer.json()),
    );
    const ticket = new URL(entrance).searchParams.get("ticket");
    const enter = () =>
      fetch(`${demoAddress}/api/v1/demo/session`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.7" },
        body: JSON.stringify({ ticket }),
      });
    assert.equal((await enter()).status, 201);
    assert.equal((await enter()).status, 404);
  });
  await demo.close();

  await step("a file of orders through the wizard", async () => {
    await page.getByTestId("start_import").click();
    await page.setInputFiles("input[type=file]", {
      name: "订单.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(orders()),
    });
    // What nobody could know: whose rows these are.
    await page.getByLabel("意思 客户").selectOption("identity");
    const begin = page.getByRole("button", { name: "开始导入" });
    await begin.and(page.locator(":enabled")).click();
    await page.getByText("导入完成").waitFor();
    await page.getByRole("button", { name: "查看客户" }).click();
    await page.getByTestId("customers").waitFor();
  });

  let person = "";
  await step("an audience, its people, and why one of them is in it", async () => {
    await page.goto(`${address}/audiences/new`);
    const blocks = page.getByTestId("blocks");
    await blocks.getByRole("button", { name: "＋ 条件" }).click();
    await blocks.getByLabel("行为", { exact: true }).selectOption("order_paid");
    await page.waitForFunction(() =>
      document.querySelector("textarea").value.startsWith("did order_paid"),
    );
    await page.getByRole("textbox", { name: "人群", exact: true }).fill("买过茶的");
    await page.getByTestId("live_count").filter({ hasText: /^3$/ }).waitFor();
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await page.waitForURL(/\/audiences\/\d+/);
    const first = page.getByTestId("people").locator("a").first();
    person = (await first.textContent()).trim();
    await first.click();
    await page.getByTestId("explanation").waitFor();
    assert.match(await page.getByTestId("explanation").textContent(), /符合/);
    assert.notEqual(person, "");
  });

  await step("the audience as a file", async () => {
    await page.getByTestId("export").click();
    const saved = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "导出", exact: true }).click();
    const content = readFileSync(await (await saved).path(), "utf8");
    const [head, ...rows] = content
      .replace(/^\uFEFF/, "")
      .trim()
      .split(/\r?\n/);
    assert.match(head, /customer/);
    assert.equal(rows.length, 3);
    for (const customer of ["wang", "li", "zhao"]) {
      assert.ok(
        rows.some((row) => row.startsWith(customer)),
        `${customer} in ${content}`,
      );
    }
  });

  await step("killed, it takes the demo with it", async () => {
    server.kill("SIGKILL");
    await ended;
    await gone(demoAddress);
  });
} finally {
  await browser.close();
  server.kill("SIGKILL");
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

// Until nobody answers there any more.
async function gone(place) {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answers = await fetch(`${place}/healthz`).then(
      () => true,
      () => false,
    );
    if (!answers) return;
  }
  assert.fail("the demo outlives the program");
}

// One order of each of three customers, some days ago.
function orders() {
  const day_ms = 24 * 60 * 60_000;
  const rows = ["wang", "li", "zhao"].map((customer, index) => {
    const time = new Date(Date.now() - (index + 1) * day_ms).toISOString();
    return `${customer},order_paid,${time},${index + 1}28.00`;
  });
  return `${["客户,行为,时间,金额", ...rows].join("\n")}\n`;
}
