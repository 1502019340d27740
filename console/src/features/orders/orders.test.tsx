import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
  server.events.removeAllListeners();
  server.events.on("request:start", ({ request }) => {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith("/api/v1/orders")) asked.push(pathname + search);
  });
});

const table = async () => within(await screen.findByRole("table", { name: "订单" }));

describe("orders", () => {
  it("show everybody's, each with its customer, and the program's sums", async () => {
    renderApp("/orders");
    const row = within((await table()).getByRole("row", { name: /A-1009/ }));
    expect(row.getByRole("link", { name: "王小明" })).toHaveAttribute("href", "/customers/c_42");
    const sums = within(await screen.findByTestId("totals"));
    expect(sums.getByText("¥1,322.50")).toBeInTheDocument();
    expect(sums.getByText("¥1,234.50")).toBeInTheDocument();
    expect(screen.getByTestId("of_tests")).toHaveTextContent("另有 1 笔测试账号的订单");
  });

  it("ask list and sums by the same filter, which stands in the address", async () => {
    const { user, search, router } = renderApp("/orders?from=2026-02-01&to=2026-02-28");
    expect((await table()).getAllByRole("row")).toHaveLength(2);
    await user.selectOptions(screen.getByLabelText("状态"), "refunded");
    await table();
    expect(String(search())).toBe("from=2026-02-01&to=2026-02-28&state=refunded");
    expect(router.state.historyAction).toBe("REPLACE");
    const filter = "state=refunded&from=2026-02-01&to=2026-03-01";
    await screen.findAllByText("¥88.00");
    expect(asked).toContain(`/api/v1/orders?${filter}&limit=50`);
    expect(asked).toContain(`/api/v1/orders/summary?${filter}`);
  });

  it("open one of them with what was bought and what was refunded, in an address", async () => {
    const { user, search } = renderApp("/orders?state=refunded");
    await user.click((await table()).getByRole("link", { name: "A-0901" }));
    expect(String(search())).toBe("state=refunded&order=A-0901");
    const dialog = within(await screen.findByRole("dialog", { name: "订单 A-0901" }));
    expect(await dialog.findByText("SKU-1 白茶")).toBeInTheDocument();
    const told = within(dialog.getByRole("table", { name: "经过" }));
    expect(told.getByRole("row", { name: /支付.*¥88\.00/ })).toBeInTheDocument();
    expect(told.getByRole("row", { name: /order_refunded.*¥88\.00/ })).toBeInTheDocument();
    expect(dialog.getByRole("link", { name: "王小明" })).toHaveAttribute("href", "/customers/c_42");
    await user.click(dialog.getByRole("button", { name: "关闭" }));
    expect(String(search())).toBe("state=refunded");
  });

  it("that are not there, or nobody's one sees, are said so", async () => {
    renderApp("/orders?order=A-9999");
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByRole("alert")).toHaveTextContent("没有这笔订单");
  });

  it("offer all of them where none fit", async () => {
    const { user, search } = renderApp("/orders?from=2001-01-01&to=2001-01-02");
    expect(await screen.findByText("没有符合的订单")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "显示全部订单" }));
    expect((await table()).getAllByRole("row")).toHaveLength(4);
    expect(String(search())).toBe("");
  });

  it("pass over what an address says that is no state and no day", async () => {
    renderApp("/orders?state=lost&from=2026-02-31&to=yesterday");
    expect((await table()).getAllByRole("row")).toHaveLength(4);
    expect(asked).toContain("/api/v1/orders?limit=50");
  });

  it("say what happened when the program cannot answer, and ask again", async () => {
    server.use(
      http.get("*/api/v1/orders", () => HttpResponse.json({ code: "x" }, { status: 503 }), {
        once: true,
      }),
    );
    const { user } = renderApp("/orders");
    await user.click(
      within(await screen.findByRole("alert")).getByRole("button", { name: /再试一次/ }),
    );
    expect((await table()).getAllByRole("row")).toHaveLength(4);
  });
});
