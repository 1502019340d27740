import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { bodyOf } from "./bulk";

const server = mockedProgram();

const rows = () => screen.getByTestId("customers").querySelectorAll("a[data-row]");

describe("the list of customers", () => {
  it("shows everybody with what is known of them, and more on demand", async () => {
    const { user } = renderApp("/customers");
    await waitFor(() => expect(rows()).toHaveLength(25));
    expect(await screen.findByText("13800138000")).toBeInTheDocument();
    await user.click(screen.getByTestId("more"));
    await waitFor(() => expect(rows()).toHaveLength(50));
  });

  it("finds by the start of any identity, and keeps it in the address", async () => {
    const { user, router } = renderApp("/customers");
    await user.type(await screen.findByTestId("search"), "1380");
    await waitFor(() => expect(rows()).toHaveLength(1));
    // Where no server reads it.
    expect(router.state.location).toMatchObject({ search: "", hash: "#search=1380" });
    await user.type(screen.getByTestId("search"), "zzz");
    expect(await screen.findByText(/没有这样的客户/)).toBeInTheDocument();
  });

  it("filters by a rule in words, checked as it is written", async () => {
    const { user, search } = renderApp("/customers");
    await user.click(await screen.findByText("按规则筛选"));
    const words = await screen.findByRole("combobox", { name: "规则" });
    await user.type(words, "did order_paid in lst 30d");
    await waitFor(() => expect(words).toBeInvalid());
    expect(screen.getByRole("button", { name: "筛选" })).toBeDisabled();
    await user.click(screen.getByTestId("fix"));
    await user.click(screen.getByRole("button", { name: "筛选" }));
    expect(await screen.findByText("1,234,567 位客户符合")).toBeInTheDocument();
    expect(search().get("rule")).toBe("did order_paid in last 30d");
    await waitFor(() => expect(rows()).toHaveLength(25));
  });

  it("goes back, forward and to its beginning with the address", async () => {
    const { user, search, router } = renderApp("/customers");
    await waitFor(() => expect(rows()).toHaveLength(25));
    await user.type(screen.getByTestId("search"), "CDNOW-0010");
    await waitFor(() => expect(router.state.location.hash).toBe("#search=CDNOW-0010"));
    await user.click(screen.getByText("按规则筛选"));
    expect(screen.queryByTestId("search")).toBeNull();
    expect(search().get("rule")).toBe("");
    await router.navigate(-1);
    expect(await screen.findByTestId("search")).toHaveValue("CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await router.navigate(1);
    await waitFor(() => expect(screen.queryByTestId("search")).toBeNull());
    await router.navigate(-1);
    // The menu leads to the page as it is at first.
    const menu = within(screen.getAllByRole("navigation")[0] as HTMLElement);
    await user.click(menu.getByRole("link", { name: "客户" }));
    await waitFor(() => expect(screen.getByTestId("search")).toHaveValue(""));
    await waitFor(() => expect(rows()).toHaveLength(25));
    expect(router.state.location.hash).toBe("");
    await router.navigate(-1);
    await waitFor(() => expect(screen.getByTestId("search")).toHaveValue("CDNOW-0010"));
  });

  it("shows the columns that are chosen", async () => {
    const { user, search } = renderApp("/customers");
    await user.click(await screen.findByText("列（3）"));
    await user.click(screen.getByRole("checkbox", { name: "city" }));
    await user.click(screen.getByRole("checkbox", { name: "标签" }));
    expect(search().getAll("column")).toEqual([
      "identity:phone",
      "last_event_at",
      "attribute:city",
    ]);
    await waitFor(() =>
      expect(screen.getByRole("columnheader", { name: "city" })).toBeInTheDocument(),
    );
    expect(screen.queryByRole("columnheader", { name: "标签" })).toBeNull();
    expect((await screen.findAllByText("上海")).length).toBeGreaterThan(20);
  });

  it("remembers the columns for the next time; what is none any more is left out", async () => {
    localStorage.setItem("siyu.customers.columns", '["attribute:gone","orders","net"]');
    renderApp("/customers");
    await waitFor(() => expect(rows()).toHaveLength(25));
    const heads = screen.getAllByRole("columnheader").map(({ textContent }) => textContent);
    expect(heads).toEqual(["客户编号", "订单数", "净额"]);
    expect(screen.getAllByText("¥1,234.50")).toHaveLength(25);
  });

  it("becomes a file of everybody or of what was found, with the columns shown", async () => {
    const asked: unknown[] = [];
    const saved: string[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (!request.url.includes("/export")) return;
      asked.push(new URL(request.url).search, await request.clone().json());
    });
    URL.createObjectURL = () => "blob:x";
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved.push(this.download);
    });
    const { user } = renderApp("/customers");
    await user.click(await screen.findByTestId("export"));
    const dialog = within(screen.getByRole("dialog", { name: "导出客户" }));
    expect(await dialog.findByText("全部客户，每人一行：客户编号和 3 列。")).toBeInTheDocument();
    expect(dialog.getByText(/按你的角色（所有者），这些列不打码/)).toBeInTheDocument();
    await user.click(dialog.getByRole("radio", { name: "Excel (xlsx)" }));
    await user.click(dialog.getByRole("button", { name: "导出" }));
    await waitFor(() => expect(saved).toEqual([expect.stringMatching(/^customers-.*\.xlsx$/)]));
    const columns = ["identity:phone", "tags", "last_event_at"];
    expect(asked).toEqual(["?form=xlsx", { columns }]);
    expect(screen.queryByRole("dialog")).toBeNull();

    // The same of what a search has found, in the order that is shown.
    await user.type(screen.getByTestId("search"), "CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await user.click(screen.getByRole("button", { name: /最近的行为/ }));
    await user.click(screen.getByTestId("export"));
    const found = within(screen.getByRole("dialog", { name: "导出客户" }));
    expect(found.getByText(/查找“CDNOW-0010”得到的客户/)).toBeInTheDocument();
    await user.click(found.getByRole("button", { name: "导出" }));
    await waitFor(() => expect(saved).toHaveLength(2));
    const sort = { column: "last_event_at", descending: true };
    expect(asked.at(-1)).toEqual({ search: "CDNOW-0010", sort, columns });
    vi.restoreAllMocks();
  });

  it("stands in the order of a column, the other way, and as it was", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (!request.url.endsWith("/customers/list")) return;
      const { sort } = (await request.clone().json()) as { sort?: unknown };
      asked.push(sort ?? null);
    });
    const { user, search } = renderApp("/customers?column=attribute%3Acity&column=last_event_at");
    await waitFor(() => expect(rows()).toHaveLength(25));
    const head = (name: RegExp) => screen.getByRole("columnheader", { name });
    expect(head(/客户编号/).querySelector("button")).toBeNull();
    await user.click(screen.getByRole("button", { name: /city/ }));
    await waitFor(() => expect(head(/city/)).toHaveAttribute("aria-sort", "ascending"));
    expect(search().get("sort")).toBe("attribute:city");
    await user.click(screen.getByRole("button", { name: /city/ }));
    await waitFor(() => expect(head(/city/)).toHaveAttribute("aria-sort", "descending"));
    await user.click(screen.getByRole("button", { name: /city/ }));
    await waitFor(() => expect(head(/city/)).not.toHaveAttribute("aria-sort"));
    expect(search().get("sort")).toBeNull();
    await user.selectOptions(screen.getByRole("combobox", { name: "排序" }), "-last_event_at");
    await waitFor(() => expect(search().get("sort")).toBe("-last_event_at"));
    await waitFor(() =>
      expect(asked).toEqual([
        null,
        { column: "attribute:city", descending: false },
        { column: "attribute:city", descending: true },
        null,
        { column: "last_event_at", descending: true },
      ]),
    );
    // A column that is no longer shown orders nothing.
    await user.click(screen.getByText("列（2）"));
    await user.click(screen.getByRole("checkbox", { name: "最近的行为" }));
    await waitFor(() => expect(search().get("sort")).toBeNull());
  });

  it("is read by the keyboard", async () => {
    const { user, router } = renderApp("/customers");
    await waitFor(() => expect(rows()).toHaveLength(25));
    (rows()[0] as HTMLElement).focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp} ");
    expect(screen.getByText("已选 1 位")).toBeInTheDocument();
    expect(rows()[1]).toHaveFocus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers/c_100"));
  });

  it("tags the chosen ones, says how far it is, and takes it back", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.method === "POST" && request.url.endsWith("/bulk-changes")) {
        asked.push(await request.clone().json());
      }
    });
    const { user } = renderApp("/customers#search=CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await user.click(screen.getByRole("checkbox", { name: /选中已显示的 10 位/ }));
    const bulk = within(screen.getByTestId("bulk"));
    await user.type(await bulk.findByRole("combobox", { name: /标签/ }), "等级/VIP{Enter}");
    expect(await bulk.findByText(/^5 \/ 10，约还需/)).toBeInTheDocument();
    expect(await bulk.findByText("改了 5 位；5 位本来就是这样；0 位已不在。")).toBeInTheDocument();
    await waitFor(() => expect(screen.getAllByText("等级/VIP").length).toBe(10));
    const customers = Array.from({ length: 10 }, (_, index) => `c_10${index}`);
    expect(asked).toEqual([{ add_tags: ["等级/VIP"], customers }]);

    await user.click(bulk.getByTestId("undo"));
    expect(await bulk.findByText(/^已撤销。/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getAllByText("等级/VIP").length).toBe(5));
    expect(bulk.queryByTestId("undo")).toBeNull();
  });

  it("makes a tag there is not yet on the spot, and puts it on", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.method === "POST" && /\/(tags|bulk-changes)$/.test(request.url)) {
        asked.push(await request.clone().json());
      }
    });
    const { user } = renderApp("/customers#search=CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await user.click(screen.getByRole("checkbox", { name: /选中已显示的 10 位/ }));
    const bulk = within(screen.getByTestId("bulk"));
    const field = await bulk.findByRole("combobox", { name: /标签/ });
    await user.type(field, "没有组{Enter}");
    expect(bulk.getByRole("alert")).toHaveTextContent("没有这个标签");
    await user.clear(field);
    await user.type(field, "活动/双十一{Enter}");
    await user.click(bulk.getByRole("button", { name: "新建并加上" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[0]).toEqual({ group: "活动", name: "双十一" });
    expect(asked[1]).toMatchObject({ add_tags: ["活动/双十一"] });
    expect(field).toHaveValue("");
    await waitFor(() => expect(bulk.queryByRole("alert")).toBeNull());
  });

  it("asks once before all of a rule are changed; what was left is found again", async () => {
    const counted: string[] = [];
    server.use(
      http.post("*/api/v1/rules/count", () => {
        const at = `2026-03-05T00:00:0${counted.length}.000Z`;
        counted.push(at);
        const count = 1_234_567;
        return HttpResponse.json({ count, at, warnings: [], position: "1", fresh: true });
      }),
    );
    const { user } = renderApp(`/customers?${new URLSearchParams({ rule: "everyone" })}`);
    await user.click(
      await screen.findByRole("button", { name: "改为选中符合规则的全部 1,234,567 位" }),
    );
    const bulk = within(screen.getByTestId("bulk"));
    await user.type(await bulk.findByRole("combobox", { name: /标签/ }), "等级/VIP{Enter}");
    const dialog = within(await screen.findByRole("dialog"));
    expect(
      dialog.getByText(/加上 等级\/VIP：符合规则的全部 1,234,567 位。可以随时停止/),
    ).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "执行" }));
    await bulk.findByText(/^617,284 \/ 1,234,567/);
    const first = rows()[0];
    await user.click(bulk.getByRole("button", { name: "停止" }));
    expect(await bulk.findByText(/^已停止。 改了 617,284 位/)).toBeInTheDocument();
    // Asked for again, it stays in its place.
    await waitFor(() => expect(counted).toHaveLength(2));
    expect(rows()[0]).toBe(first);
    expect(screen.getByText("符合规则的全部 1,234,567 位")).toBeInTheDocument();

    cleanup();
    renderApp("/customers");
    expect(await screen.findByText(/^已停止。 改了 617,284 位/)).toBeInTheDocument();
  });

  it("gives the chosen ones to a member of staff, which is not taken back", async () => {
    const asked: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.method === "POST" && request.url.endsWith("/bulk-changes")) {
        asked.push(await request.clone().json());
      }
    });
    const { user } = renderApp("/customers#search=CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await user.click(screen.getByRole("checkbox", { name: /选中已显示的 10 位/ }));
    const bulk = within(screen.getByTestId("bulk"));
    await user.selectOptions(bulk.getByRole("combobox", { name: "做什么" }), "分配给员工");
    await user.type(bulk.getByRole("combobox", { name: /找一位员工/ }), "陈静");
    await user.click(await bulk.findByRole("option", { name: /陈静/ }));
    await user.click(bulk.getByRole("button", { name: "执行" }));
    expect(await bulk.findByText(/^改了 10 位/)).toBeInTheDocument();
    expect(bulk.queryByTestId("undo")).toBeNull();
    expect(asked).toEqual([expect.objectContaining({ assign_to_staff: 34 })]);
    expect((asked[0] as { customers: string[] }).customers).toHaveLength(10);
  });

  it("gives all of a rule to a member of staff in the background, as tags are put on", async () => {
    const { user } = renderApp(`/customers?${new URLSearchParams({ rule: "everyone" })}`);
    await user.click(await screen.findByRole("button", { name: /改为选中符合规则的全部/ }));
    const bulk = within(screen.getByTestId("bulk"));
    await user.selectOptions(bulk.getByRole("combobox", { name: "做什么" }), "分配给员工");
    await user.click(bulk.getByRole("combobox", { name: /找一位员工/ }));
    await user.click(await bulk.findByRole("option", { name: /陈静/ }));
    await user.click(bulk.getByRole("button", { name: "执行" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/不能整体撤销/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "执行" }));
    await bulk.findByText(/^617,284 \/ 1,234,567/);
    await user.click(bulk.getByRole("button", { name: "停止" }));
    expect(await bulk.findByText(/^已停止。 改了 617,284 位/)).toBeInTheDocument();
    cleanup();
    renderApp("/customers");
    expect(await screen.findByText(/^分配给 陈静/)).toBeInTheDocument();
  });

  it("says why a change stopped by itself", async () => {
    const { user } = renderApp("/customers#search=CDNOW-0010");
    await waitFor(() => expect(rows()).toHaveLength(10));
    await user.click(screen.getByRole("checkbox", { name: /选中已显示的 10 位/ }));
    const bulk = within(screen.getByTestId("bulk"));
    const reason = { code: "api.bulk_list_deleted", detail: "名单中途被删除。" };
    server.use(
      http.get("*/api/v1/bulk-changes/:id", ({ params }) =>
        HttpResponse.json({
          ...{ id: Number(params.id), state: "stopped", by: "zhang.wei", undoable: true, reason },
          ...{ at: "2026-03-05T00:00:00.000Z", customers: 10, done: 10 },
          ...{ changed: 4, as_before: 0, left_out: 0 },
        }),
      ),
    );
    await user.type(await bulk.findByRole("combobox", { name: /标签/ }), "等级/VIP{Enter}");
    expect(await bulk.findByText(/^已停止。 名单中途被删除。 改了 4 位/)).toBeInTheDocument();
    expect(bulk.getByTestId("undo")).toBeInTheDocument();
  });

  it("says why a change did not begin", async () => {
    server.use(
      http.post("*/api/v1/bulk-changes", () =>
        HttpResponse.json(
          { type: "", title: "", status: 409, code: "api.bulk_runs", detail: "已有一个在进行。" },
          { status: 409, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    const { user } = renderApp("/customers#search=CDNOW-00100");
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.click(screen.getByRole("checkbox", { name: /选中已显示的 1 位/ }));
    const bulk = within(screen.getByTestId("bulk"));
    await user.type(await bulk.findByRole("combobox", { name: /标签/ }), "等级/VIP{Enter}");
    expect(await bulk.findByText("已有一个在进行。")).toBeInTheDocument();
  });

  it("cannot be changed by who may only look", async () => {
    server.resetHandlers(...handlers({ permissions: ["customers.read"] }));
    renderApp("/customers");
    await waitFor(() => expect(rows()).toHaveLength(25));
    expect(screen.queryAllByRole("checkbox", { name: /选中/ })).toHaveLength(0);
    expect(screen.queryByText("按规则筛选")).toBeNull();
  });

  it("leads to the first import while nobody is known", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    renderApp("/customers");
    expect(await screen.findByTestId("first_import")).toBeInTheDocument();
  });
});

describe("one change for many", () => {
  const people = [
    { id: 7, key: "a" },
    { id: 8, key: "138****0001" },
  ];

  it("names the chosen ones by their numbers, or their rule", () => {
    const tag = { kind: "tag", id: 1, name: "等级/VIP" } as const;
    expect(bodyOf({ ...tag, on: true }, { people })).toEqual({
      add_tags: ["等级/VIP"],
      customers: ["c_7", "c_8"],
    });
    expect(bodyOf({ ...tag, on: false }, { rule: "everyone" })).toEqual({
      remove_tags: ["等级/VIP"],
      rule: "everyone",
    });
    const list = { kind: "list", id: 4, name: "内测名单" } as const;
    expect(bodyOf({ ...list, on: true }, { people: [] })).toEqual({
      add_to_list: 4,
      customers: [],
    });
    expect(bodyOf({ ...list, on: false }, { people: [] })).toEqual({
      remove_from_list: 4,
      customers: [],
    });
  });
});
