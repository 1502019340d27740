import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();
const written: string[] = [];
beforeAll(() => {
  server.events.on("request:start", async ({ request }) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    if (request.method === "GET" || path === "/customers/list") return;
    written.push(`${request.method} ${path} ${await request.clone().text()}`);
  });
});
beforeEach(() => {
  written.length = 0;
});

const dialog = async () => within(await screen.findByRole("dialog"));

describe("what goes out", () => {
  it("is stopped for all marketing, and goes on", async () => {
    const { user } = renderApp("/settings/outbox");
    const pauses = within(await screen.findByTestId("pauses"));
    const row = within((await pauses.findByText("全部营销")).closest("tr") as HTMLElement);
    await user.click(row.getByRole("button", { name: "停止全部营销" }));
    const sure = await dialog();
    expect(sure.getByText(/欢迎语、回复与交易通知照常发出/)).toBeVisible();
    await user.click(sure.getByRole("button", { name: "停止全部营销" }));
    expect(await pauses.findByText("全部营销已停止")).toBeVisible();
    expect(row.getByText(/zhang\.wei/)).toBeVisible();
    await user.click(row.getByRole("button", { name: "恢复" }));
    await waitFor(() => expect(pauses.queryByText("全部营销已停止")).toBeNull());
    expect(written).toEqual([
      'POST /outbox/pauses {"what":"marketing"}',
      'POST /outbox/resumptions {"what":"marketing"}',
    ]);
  });

  it("says on the first page that marketing is stopped", async () => {
    const pause = { what: "marketing", since: "2026-03-04T02:00:00.000Z", by_whom: "user:1 li" };
    server.use(http.get("*/api/v1/outbox/pauses", () => HttpResponse.json({ pauses: [pause] })));
    renderApp("/");
    const line = within(await screen.findByTestId("paused"));
    expect(line.getByRole("link")).toHaveTextContent("全部营销已停止");
  });

  it("says why and whereto something was not delivered, and tries it again", async () => {
    const { user } = renderApp("/settings/outbox");
    const dead = within(await screen.findByTestId("dead"));
    const row = within((await dead.findByText("多次尝试均未成功")).closest("tr") as HTMLElement);
    expect(await row.findByText("推送 CRM")).toBeVisible();
    expect(row.getByText("请确认对方恢复后重发。")).toBeVisible();
    await user.click(row.getByRole("button", { name: "重发" }));
    await waitFor(() => expect(dead.queryByText("多次尝试均未成功")).toBeNull());
    expect(written).toEqual(["POST /outbox/dead-letters/501/replay "]);
  });

  it("asks before it repeats what may have been done, and before it is dropped", async () => {
    const { user } = renderApp("/settings/outbox");
    const dead = within(await screen.findByTestId("dead"));
    const row = within(
      (await dead.findByText("结果未知，且无法向对方查询")).closest("tr") as HTMLElement,
    );
    await user.click(row.getByRole("button", { name: "重发" }));
    const sure = await dialog();
    expect(sure.getByText(/对方可能已经做过/)).toBeVisible();
    await user.click(sure.getByRole("button", { name: "取消" }));
    expect(written).toEqual([]);
    await user.click(row.getByRole("button", { name: "放弃" }));
    await user.click((await dialog()).getByRole("button", { name: "放弃" }));
    await waitFor(() => expect(dead.queryByText("结果未知，且无法向对方查询")).toBeNull());
    expect(written).toEqual(["POST /outbox/dead-letters/502/drop "]);
  });

  it("has a pace for each way out, called by its name", async () => {
    const { user } = renderApp("/settings/outbox");
    const lanes = within(await screen.findByTestId("lanes"));
    const row = within((await lanes.findByText("HTTP 渠道 短信")).closest("tr") as HTMLElement);
    expect(row.getByText("每 60 秒 20 次，最多连发 5 次")).toBeVisible();
    await user.click(row.getByRole("button", { name: "修改" }));
    const form = await dialog();
    await user.clear(form.getByLabelText("至多多少次"));
    await user.type(form.getByLabelText("至多多少次"), "30");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(written).toEqual(['PATCH /outbox/lanes/82 {"count":30,"in_seconds":60,"burst":5}']);
  });

  it("is only looked at by who may not decide", async () => {
    server.resetHandlers(...handlers({ permissions: ["outbox.read"] }));
    renderApp("/settings/outbox");
    const dead = within(await screen.findByTestId("dead"));
    expect(await dead.findByText("多次尝试均未成功")).toBeVisible();
    for (const name of ["重发", "放弃", "暂停", "停止全部营销", "修改"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
  });
});

describe("webhooks", () => {
  it("are made for chosen events, with a key that is shown once", async () => {
    const { user } = renderApp("/settings/webhooks");
    await user.click(await screen.findByRole("button", { name: "添加推送" }));
    const form = await dialog();
    await user.type(form.getByLabelText("名称"), "CRM");
    await user.type(form.getByLabelText("地址"), "https://crm.example.com/hook");
    await user.click(form.getByRole("radio", { name: "只推送选中的" }));
    await user.click(await form.findByRole("checkbox", { name: "支付" }));
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await screen.findByTestId("secret")).toHaveValue(
      "5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
    );
    expect(written).toEqual([
      'POST /webhooks {"name":"CRM","url":"https://crm.example.com/hook","events":["order_paid"]}',
    ]);
  });

  it("say beside the address what is wrong with it", async () => {
    const bad = { code: "webhook.bad_url", status: 422, detail: "地址须为含主机的地址。" };
    server.use(http.post("*/api/v1/webhooks", () => HttpResponse.json(bad, { status: 422 })));
    const { user } = renderApp("/settings/webhooks");
    await user.click(await screen.findByRole("button", { name: "添加推送" }));
    const form = await dialog();
    await user.type(form.getByLabelText("名称"), "CRM");
    await user.type(form.getByLabelText("地址"), "crm");
    await user.click(form.getByRole("button", { name: "保存" }));
    const told = await form.findByText("地址须为含主机的地址。");
    expect(told.closest(".ant-form-item")).toContainElement(form.getByLabelText("地址"));
  });

  it("are tested, and what went out is seen", async () => {
    const { user } = renderApp("/settings/webhooks");
    await user.click(await screen.findByRole("button", { name: "测试" }));
    const deliveries = within(await screen.findByTestId("deliveries"));
    expect(await deliveries.findByText("已送达")).toBeVisible();
    expect(deliveries.getByText("多次尝试均未成功")).toBeVisible();
    expect(written).toEqual(["POST /webhooks/31/test "]);
  });
});

describe("HTTP channels", () => {
  it("are written in fields", async () => {
    const { user } = renderApp("/settings/http-channels");
    await user.click(await screen.findByRole("button", { name: "添加渠道" }));
    const form = await dialog();
    await user.type(form.getByLabelText("名称"), "群机器人");
    await user.type(form.getByLabelText("类型"), "robot");
    await user.type(form.getByLabelText("地址"), "https://robot.example.com/");
    await user.type(form.getByLabelText("请求头"), "no colon");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText("每行须为“名称: 内容”。")).toBeVisible();
    await user.clear(form.getByLabelText("请求头"));
    await user.type(form.getByLabelText("请求头"), "X-Team: tea");
    await user.selectOptions(form.getByLabelText("正文格式"), "none");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const request = {
      method: "POST",
      url: "https://robot.example.com/",
      headers: [{ name: "X-Team", value: "tea" }],
      body_kind: "none",
      body: "",
    };
    const definition = { name: "群机器人", kind: "robot", account: 0, request, does_once: false };
    expect(written).toEqual([`POST /http-channels ${JSON.stringify(definition)}`]);
  });

  it("are tested with the values they need, and keep secrets that are not shown", async () => {
    const { user } = renderApp("/settings/http-channels");
    await user.click(await screen.findByRole("button", { name: "设置密钥" }));
    const secret = await dialog();
    await user.type(secret.getByLabelText("密钥名称"), "token");
    await user.type(secret.getByLabelText("密钥内容"), "geheim");
    await user.click(secret.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(screen.getByRole("button", { name: "测试" }));
    const test = await dialog();
    await user.type(test.getByLabelText("phone"), "13800000000");
    await user.click(test.getByRole("button", { name: "发送一次" }));
    expect(await screen.findByTestId("deliveries")).toBeVisible();
    expect(written).toEqual([
      'POST /http-channels/41/secrets {"name":"token","text":"geheim"}',
      'POST /http-channels/41/test {"values":{"phone":"13800000000"}}',
    ]);
  });

  it("are changed without losing what the form does not ask for", async () => {
    const { user } = renderApp("/settings/http-channels");
    await user.click(await screen.findByRole("button", { name: "修改" }));
    const form = await dialog();
    await user.clear(form.getByLabelText("名称"));
    await user.type(form.getByLabelText("名称"), "短信二");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written).toHaveLength(1));
    const sent = JSON.parse(written[0]?.replace(/^PATCH \S+ /, "") ?? "");
    expect(sent).toMatchObject({
      version: 1,
      definition: { name: "短信二", kind: "sms", account: 0, does_once: true },
    });
    expect(sent.definition.meaning).toEqual({ rules: [], receipt_pointer: "" });
    expect(sent.definition.request.headers).toHaveLength(1);
  });
});
