// What is counted and what goes out, in a real browser against the real program: an asset, an
// account, stock adjusted and found by its cause → a webhook that may not reach an internal
// address, until it is allowed → a channel with a secret → a dead letter replayed, another dropped
// → an account paused and resumed → all marketing stopped.
//
//   SIYU=… SIYU_WEB=…/console/dist node e2e/counting.mjs
//
// Starts the program SIYU on a folder of its own, once more in the middle, and a receiver.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, watch } from "./browser.mjs";
import { listening, serve, stepsOf } from "./program.mjs";
import { startReceiver } from "./receiver.mjs";

const folder = mkdtempSync(join(tmpdir(), "siyu-counting."));
const data = join(folder, "data");
const receiver = await startReceiver();
let server = serve(data, "127.0.0.1:0");
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
  const dialog = page.getByRole("dialog");
  const byId = (id) => page.getByTestId(id);
  const rowOf = (part, text) => byId(part).getByRole("row").filter({ hasText: text });
  const open = (path) => page.goto(address + path);
  const fill = async (fields) => {
    for (const [label, text] of Object.entries(fields)) {
      await dialog.getByLabel(label, { exact: true }).fill(text);
    }
  };
  const press = async (name) => dialog.getByRole("button", { name, exact: true }).click();
  const saved = async () => {
    await press("保存");
    await dialog.waitFor({ state: "detached" });
  };
  const step = stepsOf(page, faults);

  await step("the owner", async () => {
    await page.goto(address + setup);
    await page.fill("#name", "zhang.wei");
    await page.fill("#password", "a long enough password");
    await page.fill("#again", "a long enough password");
    await page.click("button[type=submit]");
    await byId("first_import").waitFor();
  });

  await step("an asset, and an account of it", async () => {
    await open("/ledger");
    await byId("assets").getByText("还没有资产").waitFor();
    await page.getByRole("button", { name: "新建资产" }).click();
    await dialog.getByLabel("类型").selectOption("stock");
    await fill({ 编码: "stock:SKU-17" });
    await saved();
    await byId("assets").getByRole("link", { name: "库存 stock:SKU-17" }).waitFor();
    await page.getByRole("button", { name: "开立账户" }).click();
    await dialog.getByLabel("所有者类型").selectOption("product");
    await fill({ 所有者编号: "SKU-17" });
    await saved();
    await page.getByRole("heading", { name: "商品 SKU-17 · 库存 stock:SKU-17" }).waitFor();
  });

  const adjust = async (difference, why) => {
    await page.getByRole("button", { name: "调整" }).click();
    await fill({ 增减: difference, 事由: why });
    await press("保存");
  };
  await step("stock by a difference, with a statement", async () => {
    await adjust("30", "盘点:2026-03");
    await dialog.waitFor({ state: "detached" });
    await rowOf("statement", "+30").waitFor();
    await adjust("-4", "报损:2026-03");
    await dialog.waitFor({ state: "detached" });
    const row = rowOf("statement", "报损:2026-03");
    assert.deepEqual(await row.getByRole("cell").allTextContents().then(figures), ["−4", "26"]);
    assert.match(await byId("balance").textContent(), /可用26/);
  });

  await step("never below zero, said beside the field", async () => {
    await adjust("-27", "报损:2026-04");
    const field = dialog.locator(".ant-form-item").filter({ hasText: "增减" });
    await field.getByText("余额不足").waitFor();
    await dialog.getByRole("button", { name: "关闭" }).click();
    assert.equal(await rowOf("statement", "报损:2026-04").count(), 0);
  });

  await step("by its cause, with both sides", async () => {
    await byId("statement").getByRole("link", { name: "盘点:2026-03" }).click();
    const sides = byId("postings").getByRole("row");
    await sides.filter({ hasText: "商品 SKU-17" }).filter({ hasText: "+30" }).waitFor();
    await sides.filter({ hasText: "账本自己 · 手工调整" }).filter({ hasText: "−30" }).waitFor();
    await byId("causes").getByRole("textbox").fill("盘点:1999");
    await byId("causes").getByRole("button", { name: "查找" }).click();
    await byId("causes").getByText("没有因它而起的转移").waitFor();
  });

  let key = "";
  await step("a webhook that may not reach an internal address", async () => {
    await open("/settings/webhooks");
    await page.getByRole("button", { name: "添加推送" }).click();
    await fill({ 名称: "CRM", 地址: `${receiver.url}/hook` });
    await dialog.getByText("只推送选中的").click();
    await dialog.getByRole("searchbox").fill("order_paid");
    await dialog.getByRole("checkbox").check();
    await press("保存");
    key = await byId("secret").inputValue();
    await dialog.getByRole("button", { name: "我已保存" }).click();
    await page.getByRole("button", { name: "测试" }).click();
    await rowOf("deliveries", "地址在内部网络，未被允许").waitFor();
    assert.equal(receiver.seen("/hook").length, 0);
  });

  await step("what is to be done leads to the setting", async () => {
    await open("/settings/outbox");
    const dead = rowOf("dead", "推送 CRM");
    await dead.getByRole("link", { name: /可访问的内部网络/ }).click();
    await page.getByLabel("可访问的内部网络").fill("127.0.0.1");
    const row = page.getByRole("listitem").filter({ hasText: "可访问的内部网络" });
    await row.getByRole("button", { name: "保存" }).click();
    await page.getByText("已保存").first().waitFor();
  });

  await step("after a restart it is replayed, and signed", async () => {
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
    server = serve(data, new URL(address).host);
    await listening(server);
    await open("/settings/outbox");
    const dead = rowOf("dead", "推送 CRM");
    await dead.getByRole("button", { name: "重发" }).click();
    const { headers, body } = await receiver.next("/hook");
    const [time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers["siyu-signature"]).slice(1);
    assert.equal(mac, createHmac("sha256", key).update(`${time}.${body}`).digest("hex"));
    assert.equal(JSON.parse(body).event, null);
    await byId("dead").getByText("没有未送达的").waitFor();
    await open("/settings/webhooks");
    await page.getByRole("button", { name: "发送记录" }).click();
    await rowOf("deliveries", "已送达").waitFor();
  });

  await step("what happens is told", async () => {
    await post("/events", { events: [{ customer: "k1", event: "order_paid" }] });
    const told = await receiver.next("/hook");
    assert.equal(JSON.parse(told.body).event, "order_paid");
  });

  await step("a channel of an account, with a secret", async () => {
    await post("/accounts", { kind: "wecom", external_id: "corp-1", name: "山间茶企微" });
    await open("/settings/http-channels");
    await page.getByRole("button", { name: "添加渠道" }).click();
    await fill({ 名称: "群机器人", 类型: "robot", 地址: `${receiver.url}/robot` });
    await dialog.getByLabel("所属账号").selectOption({ label: "山间茶企微" });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the channel.
    await fill({ 请求头: "Authorization: Bearer ${secret.token}" });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the channel.
    await fill({ 正文: '{"say": "${text}"}' });
    await saved();
    await page.getByRole("button", { name: "设置密钥" }).click();
    await fill({ 密钥名称: "token", 密钥内容: "geheim" });
    await saved();
    assert.ok(!(await page.content()).includes("geheim"));
  });

  const test = async (text) => {
    await open("/settings/http-channels");
    await page.getByRole("button", { name: "测试" }).click();
    await fill({ text });
    await press("发送一次");
    await dialog.waitFor({ state: "detached" });
  };
  await step("its test is sent with the values that were given", async () => {
    await test("到货了");
    const { headers, body } = await receiver.next("/robot");
    assert.equal(headers.authorization, "Bearer geheim");
    assert.deepEqual(JSON.parse(body), { say: "到货了" });
    await rowOf("deliveries", "已送达").waitFor();
  });

  await step("one that is refused waits for a person, who drops it", async () => {
    receiver.answer("/robot", 400);
    await test("第二条");
    await receiver.next("/robot");
    await rowOf("deliveries", "对方应答 400，未接受").waitFor();
    await open("/");
    await byId("dead_letters")
      .getByRole("link", { name: /^1 条未送达/ })
      .click();
    const dead = rowOf("dead", "HTTP 渠道 群机器人");
    await dead.getByRole("button", { name: "放弃" }).click();
    await press("放弃");
    await byId("dead").getByText("没有未送达的").waitFor();
    receiver.answer("/robot", 200);
  });

  await step("nothing of a paused account goes out until it is resumed", async () => {
    await open("/settings/outbox");
    await rowOf("pauses", "山间茶企微").getByRole("button", { name: "暂停" }).click();
    await press("暂停");
    await rowOf("pauses", "山间茶企微").getByText("已暂停").waitFor();
    const before = receiver.seen("/robot").length;
    await test("第三条");
    await rowOf("deliveries", "待发").waitFor();
    // What is made later and goes to another place has gone: this had its time.
    await post("/events", { events: [{ customer: "k1", event: "order_paid" }] });
    await receiver.next("/hook");
    assert.equal(receiver.seen("/robot").length, before);
    await open("/settings/outbox");
    await rowOf("pauses", "山间茶企微").getByRole("button", { name: "恢复" }).click();
    assert.deepEqual(JSON.parse((await receiver.next("/robot")).body), { say: "第三条" });
  });

  await step("all marketing is stopped, and Home says so", async () => {
    await open("/settings/outbox");
    await page.getByRole("button", { name: "停止全部营销" }).click();
    await press("停止全部营销");
    await byId("pauses").getByText("全部营销已停止").waitFor();
    await rowOf("pauses", "全部营销").getByText("zhang.wei").waitFor();
    await open("/");
    await byId("paused")
      .getByRole("link", { name: /全部营销已停止/ })
      .click();
    await rowOf("pauses", "全部营销").getByRole("button", { name: "恢复" }).click();
    await rowOf("pauses", "全部营销").getByText("正常发送").waitFor();
  });

  await step("the books balance", async () => {
    await open("/ledger");
    await byId("books").getByText("账目平衡").waitFor();
  });

  async function post(path, body) {
    const session = await page.evaluate(() => fetch("/api/v1/session").then((own) => own.json()));
    const answer = await context.request.post(`${address}/api/v1${path}`, {
      headers: { "X-CSRF-Token": session.csrf_token },
      data: body,
    });
    assert.equal(answer.status(), 201, await answer.text());
  }
} finally {
  await browser.close();
  server.kill("SIGKILL");
  receiver.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

// What stands in the last two cells of a statement's row, without the heads of the phone.
function figures(cells) {
  return cells.slice(-2).map((text) => text.replace(/^(数额|之后余额)/, ""));
}
