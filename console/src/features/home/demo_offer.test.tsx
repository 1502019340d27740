import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { DEMO } from "@/test/mock_workspace";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram({ empty: true });

// The program's demo, moved on by the test.
function pretend(begin: Partial<Schema["Demo"]>) {
  const demo: Schema["Demo"] = { ...DEMO, offered: true, ...begin };
  server.use(
    http.get("*/api/v1/demo", () => HttpResponse.json(demo)),
    http.post("*/api/v1/demo", () =>
      HttpResponse.json(Object.assign(demo, { state: "starting" }), { status: 202 }),
    ),
    http.delete("*/api/v1/demo", () =>
      HttpResponse.json(Object.assign(demo, { state: "stopped", address: null }), { status: 202 }),
    ),
  );
  return demo;
}

describe("the demo beside one's own data", () => {
  it("is started, tells how far it is, is opened and ended", async () => {
    const demo = pretend({});
    const { user } = renderApp("/");
    const offer = within(await screen.findByTestId("demo"));
    await user.click(offer.getByRole("button", { name: "打开示例品牌" }));
    expect(await offer.findByRole("status")).toHaveTextContent("正在启动");
    Object.assign(demo, { customers_made: 4200, customers: 20_000 });
    await waitFor(() => expect(offer.getByRole("status")).toHaveTextContent("4,200 / 20,000"), {
      timeout: 3000,
    });
    const address = "http://localhost:8090/demo?ticket=1";
    Object.assign(demo, { state: "running", address });
    const open = await offer.findByRole("link", { name: "进入示例品牌" }, { timeout: 3000 });
    expect(open).toHaveAttribute("href", address);
    await user.click(offer.getByRole("button", { name: "结束示例品牌" }));
    expect(await offer.findByRole("button", { name: "打开示例品牌" })).toBeVisible();
  });

  it("says when it did not start, and may be tried again", async () => {
    pretend({ state: "failed" });
    renderApp("/");
    const offer = within(await screen.findByTestId("demo"));
    expect(offer.getByRole("alert")).toHaveTextContent("没有启动成功");
    expect(offer.getByRole("button", { name: "打开示例品牌" })).toBeEnabled();
  });

  it("is not there where none is offered", async () => {
    let asked = false;
    server.use(
      http.get("*/api/v1/demo", () => {
        asked = true;
        return HttpResponse.json(DEMO);
      }),
    );
    renderApp("/");
    await screen.findByTestId("first_import");
    await waitFor(() => expect(asked).toBe(true));
    expect(screen.queryByTestId("demo")).toBeNull();
  });

  it("that runs is opened and ended also beside data of one's own", async () => {
    server.resetHandlers(...handlers({}));
    const demo = pretend({ state: "running", address: "http://localhost:8090/demo?ticket=1" });
    const { user } = renderApp("/");
    const offer = within(await screen.findByTestId("demo"));
    expect(offer.getByRole("link", { name: "进入示例品牌" })).toBeVisible();
    server.use(
      http.delete("*/api/v1/demo", () =>
        HttpResponse.json(Object.assign(demo, { state: "stopped", offered: false }), {
          status: 202,
        }),
      ),
    );
    await user.click(offer.getByRole("button", { name: "结束示例品牌" }));
    await waitFor(() => expect(screen.queryByTestId("demo")).toBeNull());
  });

  it("is an owner's alone", async () => {
    server.resetHandlers(...handlers({ empty: true, permissions: ["audiences.read"] }));
    pretend({});
    renderApp("/");
    // Who may not import is not shown how.
    expect(await screen.findByText(/你的角色不能导入/)).toBeInTheDocument();
    expect(screen.queryByTestId("first_import")).toBeNull();
    expect(screen.queryByTestId("demo")).toBeNull();
  });
});
