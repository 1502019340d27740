import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { EVENTS, PERMISSIONS, RECORD, SESSION } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const ADDRESS = "/customers/c_42";
const part = async (title: string) => within(await screen.findByRole("region", { name: title }));

describe("the record of one customer", () => {
  it("shows who they are, what they ordered and what they did", async () => {
    renderApp(ADDRESS);
    expect(await screen.findByRole("heading", { name: "王小明" })).toBeInTheDocument();
    expect(document.title).toBe("王小明 · Siyu");
    expect(screen.getByText("CDNOW-00042 · 138****8000")).toBeInTheDocument();
    expect((await part("身份")).getByText("13800138000")).toBeInTheDocument();
    expect((await part("画像属性")).getByText("¥12,345.60")).toBeInTheDocument();
    expect((await part("标签")).getByText("等级/VIP")).toBeInTheDocument();
    expect((await part("授权")).getByText("marketing · wechat")).toBeInTheDocument();
    const orders = await part("订单");
    expect(await orders.findByText("A-1009")).toBeInTheDocument();
    expect(orders.getByTestId("totals")).toHaveTextContent("净额¥1,234.50");
    expect((await part("行为")).getAllByTestId("history").length).toBeGreaterThan(0);
  });

  it("changes an attribute in its place", async () => {
    const { user } = renderApp(ADDRESS);
    const attributes = await part("画像属性");
    await user.click(await attributes.findByRole("button", { name: "修改 age" }));
    const field = attributes.getByRole("textbox", { name: "age" });
    await user.clear(field);
    await user.type(field, "3.5{Enter}");
    expect(await attributes.findByRole("alert")).toHaveTextContent("整数");
    await user.clear(field);
    await user.type(field, "32{Enter}");
    expect(await attributes.findByText("32")).toBeInTheDocument();
    expect(attributes.queryByRole("textbox", { name: "age" })).toBeNull();
  });

  it("is made a test account, which the settings list, and one no longer", async () => {
    const { user, router } = renderApp(ADDRESS);
    await user.click(await screen.findByRole("button", { name: "设为测试账号" }));
    expect(await screen.findByText(/不计入人数/)).toBeInTheDocument();
    await router.navigate("/settings/test-accounts");
    expect(await screen.findByRole("link", { name: RECORD.key })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "取消测试账号" }));
    const sure = within(await screen.findByRole("dialog"));
    await user.click(sure.getByRole("button", { name: "取消测试账号" }));
    expect(await screen.findByText(/没有测试账号/)).toBeInTheDocument();
  });

  it("leaves an attribute by Esc, and makes it unknown", async () => {
    const { user } = renderApp(ADDRESS);
    const attributes = await part("画像属性");
    await user.click(await attributes.findByRole("button", { name: "修改 city" }));
    await user.keyboard("杭州{Escape}");
    expect(attributes.getByText("上海")).toBeInTheDocument();
    await user.click(attributes.getByRole("button", { name: "修改 city" }));
    await user.click(attributes.getByRole("button", { name: "改为未知" }));
    await waitFor(() => expect(attributes.queryByText("上海")).toBeNull());
    expect(attributes.getByText("未知")).toBeInTheDocument();
  });

  it("puts tags on and takes them off", async () => {
    const { user } = renderApp(ADDRESS);
    const tags = await part("标签");
    await user.click(await tags.findByRole("button", { name: "去掉 等级/VIP" }));
    await waitFor(() => expect(tags.queryByText("等级/VIP")).toBeNull());
    const field = tags.getByRole("combobox", { name: "标签，写作 组/名称" });
    await user.type(field, "没有/这个{Enter}");
    expect(await tags.findByRole("alert")).toHaveTextContent("没有这个标签");
    await user.clear(field);
    await user.type(field, "等级/VIP{Enter}");
    expect(await tags.findByText("等级/VIP")).toBeInTheDocument();
  });

  it("adds an identity, and says whose it is already", async () => {
    const { user } = renderApp(ADDRESS);
    const identities = await part("身份");
    const field = await identities.findByRole("textbox", { name: "身份的值" });
    await user.type(field, "13900000001{Enter}");
    expect(await screen.findByText(/如为同一人请合并/)).toBeInTheDocument();
    await user.clear(field);
    await user.type(field, "13900000002{Enter}");
    expect(await identities.findByText("13900000002")).toBeInTheDocument();
  });

  it("says who looks after them, and changes it", async () => {
    const { user } = renderApp(ADDRESS);
    const staff = await part("负责员工");
    expect(await staff.findByRole("link", { name: "林芳" })).toHaveAttribute(
      "href",
      "/settings/staff/31",
    );
    expect(staff.getByText("以前的 1 次分配")).toBeInTheDocument();
    await user.type(staff.getByRole("combobox"), "陈静");
    await user.click(await staff.findByRole("option", { name: /陈静/ }));
    await user.click(staff.getByRole("button", { name: "分配" }));
    expect(await staff.findByRole("link", { name: "陈静" })).toBeInTheDocument();
    await user.click(staff.getByRole("button", { name: "取消分配 林芳" }));
    await waitFor(() => expect(staff.queryByRole("button", { name: "取消分配 林芳" })).toBeNull());
    expect(staff.getByText("以前的 2 次分配")).toBeInTheDocument();
  });

  it("has nobody who looks after them yet", async () => {
    renderApp("/customers/new");
    expect(await (await part("负责员工")).findByText("还没有人负责。")).toBeInTheDocument();
  });

  it("writes down a consent", async () => {
    const { user } = renderApp("/customers/new");
    const consents = await part("授权");
    await user.selectOptions(await consents.findByLabelText("授权或撤回"), "given");
    await user.click(consents.getByRole("button", { name: "记下" }));
    expect(await consents.findByText("手工记录", { exact: false })).toBeInTheDocument();
  });

  it("keeps how a consent is known in one word, and shows its wording and proof", async () => {
    const written: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.url.endsWith("/consents")) written.push(await request.clone().json());
    });
    const { user } = renderApp("/customers/new");
    const consents = await part("授权");
    await user.type(await consents.findByLabelText(/当时看到的文字/), " 我同意接收短信 ");
    await user.type(consents.getByLabelText(/凭证/), "表单 7{Enter}");
    expect(await consents.findByText("文字：我同意接收短信")).toBeVisible();
    expect(consents.getByText("凭证：表单 7")).toBeVisible();
    const [first] = written as Schema["NewConsent"][];
    expect(first).toMatchObject({ how: "console", wording: "我同意接收短信", proof: "表单 7" });
    expect(consents.getByLabelText(/凭证/)).toHaveValue("");
  });

  it("shows only some days and one source, and the address says so", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      searchParams.delete("limit");
      if (pathname.endsWith("/events")) asked.push(searchParams.toString());
    });
    const { user, search } = renderApp(`${ADDRESS}?event=code_scanned&from=2026-01-01`);
    const done = await part("行为");
    const source = await done.findByLabelText("只看一个来源");
    await user.type(source, "youzan{Enter}");
    // Whoever goes on by the keyboard goes on from there.
    expect(search().get("source")).toBe("youzan");
    expect(source).toHaveFocus();
    fireEvent.change(done.getByLabelText("到"), { target: { value: "2026-01-31" } });
    expect(search().toString()).toBe(
      "event=code_scanned&source=youzan&from=2026-01-01&to=2026-01-31",
    );
    // The last day is one of them.
    await waitFor(() =>
      expect(asked.at(-1)).toBe("event=code_scanned&source=youzan&from=2026-01-01&to=2026-02-01"),
    );
  });

  it("shows only one kind of event, however far back", async () => {
    const { user, search } = renderApp(ADDRESS);
    const done = await part("行为");
    await user.selectOptions(await done.findByLabelText("只看一种行为"), "code_scanned");
    expect(search().get("event")).toBe("code_scanned");
    await waitFor(() => expect(done.getAllByTestId("history")).toHaveLength(1));
    expect(done.getByTestId("history")).toHaveTextContent("扫码");
    expect(EVENTS.findIndex(({ event }) => event === "code_scanned")).toBeGreaterThan(1);
    await user.selectOptions(done.getByLabelText("只看一种行为"), "");
    expect(search().get("event")).toBeNull();
  });

  it("undoes a merge and closes what it left to look at", async () => {
    const { user } = renderApp("/customers/merged");
    const merges = await part("合并");
    await user.click(await merges.findByRole("button", { name: "已核对" }));
    await waitFor(() => expect(merges.queryByTestId("reviews")).toBeNull());
    await user.click(merges.getByRole("button", { name: "撤销合并" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/c_77 重新成为单独的客户/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "撤销合并" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "合并" })).toBeNull());
  });

  it("merges, and leads to who stays", async () => {
    server.use(
      http.post("*/api/v1/customers/:customer/merge", () =>
        HttpResponse.json(
          { id: 78, survivor: "CDNOW-00007", survivor_id: 7, needs_a_person: [], position: "13" },
          { status: 201 },
        ),
      ),
    );
    const { user, router } = renderApp(ADDRESS);
    await user.click(await screen.findByRole("button", { name: "合并…" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByRole("button", { name: "合并为一人" })).toBeDisabled();
    await user.type(dialog.getByRole("combobox"), "CDNOW-00107");
    await user.click(await dialog.findByRole("option", { name: /CDNOW-00107/ }));
    // Both, line by line, before they are made one.
    const both = within(await dialog.findByRole("table"));
    expect(both.getByRole("link", { name: "王小明" })).toBeInTheDocument();
    expect(both.getByRole("row", { name: /^手机号/ })).toHaveAttribute("data-differs", "true");
    await user.click(dialog.getByRole("button", { name: "合并为一人" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers/c_7"));
  });

  it("erases only who is named in writing", async () => {
    const { user, router } = renderApp(ADDRESS);
    await user.click(await screen.findByRole("button", { name: "抹除…" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/3 个身份、5 个画像属性、3 个标签和名单/)).toBeInTheDocument();
    const erase = dialog.getByRole("button", { name: "永久抹除" });
    expect(erase).toBeDisabled();
    await user.type(dialog.getByRole("textbox"), "CDNOW-0004");
    expect(erase).toBeDisabled();
    await user.type(dialog.getByRole("textbox"), "2");
    await user.click(erase);
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers"));
  });

  it("only shows to who may only look", async () => {
    server.resetHandlers(...handlers({ permissions: ["customers.read", "audiences.read"] }));
    renderApp(ADDRESS);
    expect(await (await part("身份")).findByText("13800138000")).toBeInTheDocument();
    for (const name of [/^修改/, /^去掉/, "合并…", "抹除…", "记下", "分配"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
    expect(PERMISSIONS).toContain("customers.erase");
  });

  it("says what is masked for whom, on the page and for a file", async () => {
    server.use(
      http.get("*/api/v1/session", () =>
        HttpResponse.json({
          ...SESSION,
          user: { ...SESSION.user, role: "analyst" },
          masks: {
            phones: true,
            names: true,
            attributes: ["phone", "name", "city"],
            properties: [{ event: "order_paid", name: "items" }],
          },
        }),
      ),
    );
    const { user, router } = renderApp(ADDRESS);
    const note = await screen.findByTestId("masked");
    // Labels come with the names.
    await waitFor(() =>
      expect(note).toHaveTextContent(
        "你的角色是分析师，对你打码的有：手机号和邮箱，包括能看出是谁的编号和身份，以及任何文字里的手机号、city、支付的件数；行为里的电话、邮箱和姓名，以及这些画像属性的变更，也打码。",
      ),
    );
    await router.navigate("/customers");
    await user.click(await screen.findByTestId("export"));
    expect(
      screen.getByText(
        "你的角色是分析师，文件里打码的有：手机号和邮箱，包括能看出是谁的编号和身份，以及任何文字里的手机号。",
      ),
    ).toBeInTheDocument();
  });

  it("is asked for by number: keys may be phones", async () => {
    const asked: string[] = [];
    server.use(
      http.post("*/api/v1/customers/list", () =>
        HttpResponse.json({
          customers: [{ id: RECORD.id, key: "13800138000", name: null, cells: {} }],
          next: null,
        }),
      ),
      http.get("*/api/v1/customers/:customer", ({ params }) => {
        asked.push(String(params.customer));
        return HttpResponse.json({ ...RECORD, key: "13800138000", name: null });
      }),
    );
    const { user, router } = renderApp("/customers");
    await user.click(await screen.findByRole("link", { name: "13800138000" }));
    expect(router.state.location.pathname).toBe("/customers/c_42");
    expect(await screen.findByRole("heading", { name: "13800138000" })).toBeInTheDocument();
    expect(new Set(asked)).toEqual(new Set(["c_42"]));
  });

  it("stays when it cannot be asked for again, and goes when they are no more", async () => {
    const { client } = renderApp(ADDRESS);
    const events = async () => (await part("行为")).findAllByTestId("history");
    await events();
    const record = "*/api/v1/customers/c_42";
    const broken = () => HttpResponse.json({ code: "x" }, { status: 503 });
    server.use(http.get(record, broken), http.get(`${record}/events`, broken));
    await client.invalidateQueries({ queryKey: ["customers"] });
    await waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(2));
    expect(screen.getByRole("heading", { name: "王小明" })).toBeInTheDocument();
    expect((await events()).length).toBeGreaterThan(0);
    const gone = { status: 404, code: "customer.unknown_customer" };
    server.use(http.get(record, () => HttpResponse.json(gone, { status: 404 })));
    await client.invalidateQueries({ queryKey: ["customers"] });
    expect(await screen.findByText("没有这位客户")).toBeInTheDocument();
  });

  it("says when there is nobody", async () => {
    renderApp("/customers/ghost");
    expect(await screen.findByText("没有这位客户")).toBeInTheDocument();
    expect(
      within(screen.getByRole("main")).getByRole("link", { name: "客户" }),
    ).toBeInTheDocument();
  });
});
