import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { placeFrom } from "./stores_page";

const server = mockedProgram();
const written: { method: string; path: string; body: unknown }[] = [];
beforeAll(() => {
  server.events.on("request:start", async ({ request }) => {
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    // Quick search is a question.
    if (request.method === "GET" || path === "/customers/list") return;
    written.push({ method: request.method, path, body: await request.clone().json() });
  });
});
beforeEach(() => {
  written.length = 0;
});

const dialog = async () => within(await screen.findByRole("dialog"));
const rowOf = async (text: string) =>
  within((await screen.findByText(text)).closest("tr") as HTMLElement);

describe("brand accounts", () => {
  it("are entered and closed", async () => {
    const { user } = renderApp("/settings/accounts");
    await user.click(await screen.findByRole("button", { name: "添加账号" }));
    const form = await dialog();
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findAllByText("请填写。")).toHaveLength(2);
    await user.selectOptions(form.getByLabelText("类型"), "wecom");
    await user.type(form.getByLabelText("名称"), "山间茶企微");
    await user.type(form.getByLabelText("渠道标识"), "ww01");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written).toEqual([
        {
          method: "POST",
          path: "/accounts",
          body: { kind: "wecom", name: "山间茶企微", external_id: "ww01" },
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click((await rowOf("山间茶")).getByRole("button", { name: "修改" }));
    await user.selectOptions((await dialog()).getByLabelText("状态"), "closed");
    await user.click((await dialog()).getByRole("button", { name: "保存" }));
    await waitFor(() =>
      // What somebody else has changed meanwhile stays.
      expect(written[1]).toEqual({
        method: "PATCH",
        path: "/accounts/11",
        body: { state: "closed" },
      }),
    );
  });

  it("are only read by who may not change them", async () => {
    server.resetHandlers(...handlers({ permissions: ["accounts.read"] }));
    for (const [path, shown] of [
      ["accounts", "公众号"],
      ["stores", "西湖店"],
      ["staff", "林芳"],
    ]) {
      renderApp(`/settings/${path}`);
      expect((await screen.findAllByText(shown as string)).length).toBeGreaterThan(0);
      expect(screen.queryByRole("button", { name: /添加/ })).toBeNull();
      expect(screen.queryByRole("button", { name: "修改" })).toBeNull();
      cleanup();
    }
  });
});

describe("stores", () => {
  it("have a place as maps show it", () => {
    expect(placeFrom("30.259244, 120.130663")).toEqual({
      latitude: 30.259244,
      longitude: 120.130663,
    });
    expect(placeFrom("-33.8，151.2")).toEqual({ latitude: -33.8, longitude: 151.2 });
    expect(placeFrom(" ")).toBeUndefined();
    expect(placeFrom("杭州")).toBeNull();
  });

  it("are found, and lose their place when it is wiped out", async () => {
    const { user } = renderApp("/settings/stores");
    await screen.findByText("滨江店");
    await user.type(screen.getByRole("searchbox"), "hz01");
    await waitFor(() => expect(screen.queryByText("滨江店")).toBeNull());
    await user.click((await rowOf("西湖店")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    const place = form.getByLabelText("纬度、经度");
    expect(place).toHaveValue("30.259244, 120.130663");
    await user.clear(place);
    await user.type(place, "here");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText(/请写纬度和经度/)).toBeInTheDocument();
    await user.clear(place);
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toEqual({
        method: "PATCH",
        path: "/stores/21",
        body: { without_place: true },
      }),
    );
  });

  it("keep what others have changed meanwhile", async () => {
    const { user } = renderApp("/settings/stores");
    await user.click((await rowOf("西湖店")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    await user.clear(form.getByLabelText("地址"));
    await user.type(form.getByLabelText("地址"), "曙光路 2 号");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written[0]?.body).toEqual({ address: "曙光路 2 号" }));
  });
});

describe("staff", () => {
  it("keep a phone nobody has written anew, and leave", async () => {
    const { user } = renderApp("/settings/staff");
    const row = await rowOf("林芳");
    expect(row.getByText("138****8000")).toBeInTheDocument();
    expect(await row.findByText(/西湖店/)).toBeInTheDocument();
    await user.click(row.getByRole("button", { name: "修改" }));
    const form = await dialog();
    await user.click(await form.findByRole("button", { name: "去掉 滨江店" }));
    await user.selectOptions(form.getByLabelText("状态"), "left");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toEqual({
        method: "PATCH",
        path: "/staff/31",
        body: { stores: [21], state: "left" },
      }),
    );
  });
});

describe("a user", () => {
  // Disabled by somebody else while the dialog was open, they stay so.
  it("is changed only in what was written", async () => {
    const { user } = renderApp("/settings/users");
    await user.click((await rowOf("李娜")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    const name = await form.findByLabelText(/显示的名字/);
    await user.clear(name);
    await user.type(name, "李小娜");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written[0]?.body).toEqual({ display_name: "李小娜" }));
  });
});

describe("what a user sees", () => {
  it("needs a member of staff, unless it is everybody", async () => {
    const { user } = renderApp("/settings/users");
    await user.click((await rowOf("李娜")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    const staff = await form.findByLabelText("对应员工");
    expect(staff).toHaveValue("林芳 007");
    await user.selectOptions(form.getByLabelText("可见范围"), "own");
    await user.click(form.getByRole("button", { name: "无" }));
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText("请选择员工。")).toBeInTheDocument();
    await user.type(form.getByLabelText("对应员工"), "陈");
    await user.click(await form.findByRole("option", { name: /陈静/ }));
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toMatchObject({ path: "/users/2", body: { scope: "own", staff: 34 } }),
    );
  });

  it("offers only staff who are here, found by the program", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.endsWith("/staff")) asked.push(searchParams.get("search") ?? "");
    });
    const { user } = renderApp("/settings/users");
    await user.click(await screen.findByRole("button", { name: "邀请用户" }));
    const form = await dialog();
    const field = await form.findByLabelText("对应员工");
    await user.click(field);
    expect(await form.findByRole("option", { name: /林芳/ })).toBeInTheDocument();
    expect(form.queryByRole("option", { name: /周涛/ })).toBeNull();
    await user.type(field, "周涛");
    expect(await form.findByText("没有找到")).toBeInTheDocument();
    expect(asked).toContain("周涛");
    await user.clear(field);
    await user.type(field, "010");
    await form.findByRole("option", { name: /陈静/ });
    await user.keyboard("{Enter}");
    expect(field).toHaveValue("陈静 010");
    // Closed by Esc is the list alone, not the dialog around it.
    await user.click(field);
    await form.findByRole("option", { name: /陈静/ });
    await user.keyboard("{Escape}");
    expect(form.queryByRole("option", { name: /陈静/ })).toBeNull();
    expect(field).toHaveValue("陈静 010");
  });
});

describe("the customers of a member of staff", () => {
  it("are given, handed to somebody else and taken", async () => {
    const { user } = renderApp("/settings/staff/31");
    expect(await screen.findByRole("heading", { name: "林芳" })).toBeInTheDocument();
    const panel = within(await screen.findByTestId("staff_customers"));
    expect(await panel.findByRole("link", { name: "王小明" })).toHaveAttribute(
      "href",
      "/customers/c_42",
    );
    await user.type(panel.getByRole("combobox", { name: /找一位客户/ }), "CDNOW-00107");
    await user.click(await panel.findByRole("option", { name: /CDNOW-00107/ }));
    await user.click(panel.getByRole("button", { name: "分配给 林芳" }));
    expect(await panel.findByRole("link", { name: "CDNOW-00107" })).toBeInTheDocument();

    await user.click(panel.getByRole("checkbox", { name: "选中 王小明" }));
    const bar = within(panel.getByTestId("chosen"));
    await user.click(bar.getByRole("combobox"));
    expect(await bar.findByRole("option", { name: /陈静/ })).toBeInTheDocument();
    expect(bar.queryByRole("option", { name: /林芳/ })).toBeNull();
    await user.click(bar.getByRole("option", { name: /陈静/ }));
    await user.click(bar.getByRole("button", { name: "转给" }));
    await waitFor(() => expect(panel.queryByRole("link", { name: "王小明" })).toBeNull());
    expect(written.slice(1)).toEqual([
      { method: "POST", path: "/staff/34/customers", body: { assign: ["c_42"] } },
      { method: "POST", path: "/staff/31/customers", body: { unassign: ["c_42"] } },
    ]);

    await user.click(panel.getByRole("checkbox", { name: /选中已显示的 1 位/ }));
    await user.click(panel.getByRole("button", { name: "取消分配" }));
    expect(await panel.findByText("还没有客户。")).toBeInTheDocument();
  });

  it("are only read by who may not assign", async () => {
    server.resetHandlers(...handlers({ permissions: ["accounts.read", "customers.read"] }));
    renderApp("/settings/staff/31");
    expect(await screen.findByRole("link", { name: "王小明" })).toBeInTheDocument();
    expect(screen.queryAllByRole("checkbox")).toHaveLength(0);
    expect(screen.queryByRole("combobox", { name: /找一位客户/ })).toBeNull();
  });
});
