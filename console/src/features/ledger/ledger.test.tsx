import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();
const written: { path: string; body: Record<string, unknown> }[] = [];
beforeAll(() => {
  server.events.on("request:start", async ({ request }) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    if (request.method === "GET" || !path.startsWith("/ledger")) return;
    written.push({ path, body: (await request.clone().json()) as Record<string, unknown> });
  });
});
beforeEach(() => {
  written.length = 0;
});

describe("the ledger", () => {
  it("says whether the books balance", async () => {
    renderApp("/ledger");
    const books = within(await screen.findByTestId("books"));
    expect(await books.findByText("账目平衡")).toBeVisible();
    expect(books.getByRole("status")).toHaveTextContent("1,200 个账户");
  });

  it("says on the first page that something waits for a person", async () => {
    renderApp("/");
    expect(await screen.findByTestId("books")).toHaveTextContent("账目平衡");
    const waiting = within(await screen.findByTestId("dead_letters"));
    expect(waiting.getByRole("link")).toHaveAttribute("href", "/settings/outbox");
    expect(waiting.getByRole("link")).toHaveTextContent("2 条未送达");
    expect(screen.queryByTestId("paused")).toBeNull();
  });

  it("says where it does not", async () => {
    server.use(
      http.get("*/api/v1/ledger/proof", () =>
        HttpResponse.json({
          state: "wrong",
          proved_at: "2026-03-04T02:00:00.000Z",
          accounts: 1,
          bundles: 1,
          postings: 2,
          wrong: ["account 7 posted"],
        }),
      ),
    );
    renderApp("/ledger");
    const books = within(await screen.findByTestId("books"));
    expect(await books.findByText("账户 7：余额与流水之和不符")).toHaveAttribute(
      "href",
      "/ledger/7",
    );
    expect(books.getByRole("status")).toHaveTextContent("账目不平");
  });

  it("finds accounts of an asset and opens one, its money as money", async () => {
    const { user } = renderApp("/ledger");
    const accounts = within(await screen.findByTestId("accounts"));
    await accounts.findByRole("option", { name: "储值 cash" });
    await user.selectOptions(accounts.getByLabelText("资产"), "cash");
    await user.click(accounts.getByRole("button", { name: "查找" }));
    const row = within((await accounts.findByText("客户 42")).closest("tr") as HTMLElement);
    expect(row.getByText("¥1,184.50")).toBeVisible();
    await user.click(row.getByRole("link"));
    expect(await screen.findByRole("heading", { name: "客户 42 · 储值 cash" })).toBeVisible();
    const statement = within(await screen.findByTestId("statement"));
    expect(await statement.findByText("−¥5.50")).toBeVisible();
    expect(statement.getByText("+¥1,240.00")).toBeVisible();
    expect(statement.getByRole("link", { name: "订单 1001" })).toBeVisible();
  });

  it("tells what was there at a moment", async () => {
    const { user } = renderApp("/ledger/70");
    const balance = within(await screen.findByTestId("balance"));
    await balance.findByText("¥1,184.50");
    await user.type(balance.getByLabelText("当时的余额"), "2026-03-04T08:00");
    await user.click(balance.getByRole("button", { name: "查看" }));
    expect(await balance.findByTestId("at")).toHaveTextContent("¥1,240.00");
  });

  it("finds what a cause has moved, down to the postings and whose they are", async () => {
    const { user } = renderApp("/ledger?why=order%3A1001");
    await user.click(await screen.findByRole("link", { name: "2026-03-04 10:00" }));
    const postings = within(await screen.findByTestId("postings"));
    const other = await postings.findByRole("link", { name: "品牌 · 主账 · 储值 cash" });
    expect(other).toHaveAttribute("href", "/ledger/71");
    expect(postings.getByText("+¥5.50")).toBeVisible();
  });

  it("is adjusted by a difference, once, and says before what will be there", async () => {
    const { user } = renderApp("/ledger/70");
    await user.click(await screen.findByRole("button", { name: "调整" }));
    const form = within(await screen.findByRole("dialog"));
    await user.type(form.getByLabelText("增减"), "1.234");
    await user.type(form.getByLabelText("事由"), "盘点:3月");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText(/至多 2 位小数/)).toBeVisible();
    await user.clear(form.getByLabelText("增减"));
    await user.type(form.getByLabelText("增减"), "-12.5");
    expect(form.getByTestId("outcome")).toHaveTextContent("可用 ¥1,184.50 → ¥1,172.00");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written).toMatchObject([
        {
          path: "/ledger/accounts/70/adjustments",
          body: { difference: -1250, why: "盘点:3月", id: expect.stringMatching(/^console\//) },
        },
      ]),
    );
  });

  it("says beside the difference that there is not enough", async () => {
    const short = { code: "ledger.short_of_funds", status: 409, detail: "该账本账户余额不足。" };
    server.use(
      http.post("*/api/v1/ledger/accounts/:id/adjustments", () =>
        HttpResponse.json(short, { status: 409 }),
      ),
    );
    const { user } = renderApp("/ledger/70");
    await user.click(await screen.findByRole("button", { name: "调整" }));
    const form = within(await screen.findByRole("dialog"));
    await user.type(form.getByLabelText("增减"), "-99999");
    await user.type(form.getByLabelText("事由"), "盘点:3月");
    await user.click(form.getByRole("button", { name: "保存" }));
    const told = await form.findByText("该账本账户余额不足。");
    expect(told.closest(".ant-form-item")).toContainElement(form.getByLabelText("增减"));
  });

  it("gets an asset, and an account of it", async () => {
    const { user } = renderApp("/ledger");
    await user.click(await screen.findByRole("button", { name: "新建资产" }));
    let form = within(await screen.findByRole("dialog"));
    await user.selectOptions(form.getByLabelText("类型"), "stored_value");
    await user.type(form.getByLabelText("编码"), "gift-card");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(screen.getByRole("button", { name: "开立账户" }));
    form = within(await screen.findByRole("dialog"));
    await user.selectOptions(form.getByLabelText("资产"), "stock:SKU-17");
    await user.selectOptions(form.getByLabelText("所有者类型"), "product");
    await user.type(form.getByLabelText("所有者编号"), "SKU-17");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await screen.findByTestId("statement")).toBeVisible();
    expect(written).toEqual([
      {
        path: "/ledger/assets",
        body: { code: "gift-card", kind: "stored_value", scale: 2, grace_seconds: 0 },
      },
      {
        path: "/ledger/accounts",
        body: {
          asset: "stock:SKU-17",
          owner_kind: "product",
          owner: "SKU-17",
          book: "main",
          has_lots: false,
          debt_allowed: false,
        },
      },
    ]);
  });

  it("is only read by who may not write", async () => {
    server.resetHandlers(...handlers({ permissions: ["ledger.read"] }));
    renderApp("/ledger/70");
    expect(await screen.findByTestId("statement")).toBeVisible();
    expect(screen.queryByRole("button", { name: "调整" })).toBeNull();
  });

  it("offers nothing new to who may not write", async () => {
    server.resetHandlers(...handlers({ permissions: ["ledger.read"] }));
    renderApp("/ledger");
    expect(await screen.findByRole("link", { name: "储值 cash" })).toBeVisible();
    for (const name of ["新建资产", "设置宽限", "开立账户"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
  });
});
