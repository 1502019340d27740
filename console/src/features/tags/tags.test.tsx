import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { api, type Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const group = async (name: string) => within(await screen.findByRole("table", { name }));

describe("tags", () => {
  it("are shown by group, with how many carry each now; the number opens them", async () => {
    const asked: string[] = [];
    server.use(
      http.post("*/api/v1/rules/count", async ({ request }) => {
        const { rule = "" } = (await request.json()) as Schema["CountQuestion"];
        asked.push(rule);
        const at = "2026-03-05T00:00:00.000Z";
        const count = rule.includes("VIP") ? 1234 : 0;
        return HttpResponse.json({ count, at, warnings: [], position: "1", fresh: true });
      }),
    );
    renderApp("/tags");
    const people = await (await group("等级")).findByRole("link", { name: "1,234" });
    expect(people).toHaveAttribute(
      "href",
      `/customers?${new URLSearchParams({ rule: 'tag "等级/VIP"' })}`,
    );
    await waitFor(() => expect(asked).toContain('tag "来源/门店A"'));
  });

  it("are renamed where they stand; a name that is taken is said", async () => {
    const { user } = renderApp("/tags");
    const level = await group("等级");
    await user.click(await level.findByRole("button", { name: /银卡/ }));
    const field = level.getByRole("textbox");
    await user.clear(field);
    await user.type(field, "VIP{Enter}");
    expect(await level.findByText(/名称已被使用/)).toBeInTheDocument();
    await user.clear(field);
    await user.type(field, "金卡{Enter}");
    expect(await level.findByText("金卡")).toBeInTheDocument();
    expect(level.queryByRole("textbox")).toBeNull();
  });

  it("are made, in a new group too", async () => {
    const { user } = renderApp("/tags");
    await user.type(await screen.findByRole("textbox", { name: "标签的名称" }), "喜欢咖啡");
    expect(screen.getByRole("button", { name: "新建" })).toBeDisabled();
    await user.type(screen.getByRole("combobox", { name: "标签组" }), "兴趣");
    await user.click(screen.getByRole("button", { name: "新建" }));
    expect(await (await group("兴趣")).findByText("喜欢咖啡")).toBeInTheDocument();
  });

  it("stand beside lists, which are made there", async () => {
    const { user } = renderApp("/tags");
    const lists = within(await screen.findByTestId("lists"));
    expect(await lists.findByText("内测名单")).toBeInTheDocument();
    await user.type(lists.getByRole("textbox", { name: "新名单的名字" }), "双十一邀请{Enter}");
    expect(await lists.findByText("双十一邀请")).toBeInTheDocument();
    const rule = 'audience "双十一邀请"';
    const address = `/customers?${new URLSearchParams({ rule })}`;
    await waitFor(() =>
      expect(lists.getAllByRole("link").map((each) => each.getAttribute("href"))).toContain(
        address,
      ),
    );
  });

  it("stand beside lists, which are renamed, deleted and taken back", async () => {
    const { user } = renderApp("/tags");
    const lists = within(await screen.findByTestId("lists"));
    await user.click(await lists.findByRole("button", { name: "改名 内测名单" }));
    const field = lists.getByRole("textbox", { name: "名单" });
    await user.clear(field);
    await user.type(field, "内测一期{Enter}");
    expect(await lists.findByText("内测一期")).toBeInTheDocument();
    await user.click(lists.getByRole("button", { name: "删除 内测一期" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText(/将删除名单“内测一期”/)).toHaveTextContent(/现有 .* 人/);
    await user.click(dialog.getByRole("button", { name: "删除" }));
    expect(await lists.findByText("已删除的名单（1）")).toBeInTheDocument();
    expect(lists.queryByRole("button", { name: "删除 内测一期" })).toBeNull();
    await user.click(lists.getByText("已删除的名单（1）"));
    await user.click(await lists.findByRole("button", { name: "撤销删除 内测一期" }));
    expect(await lists.findByRole("button", { name: "删除 内测一期" })).toBeInTheDocument();
  });

  it("stand beside lists: those that were deleted come a page after the other", async () => {
    const gone = (id: number) => ({
      id,
      name: `名单 ${id}`,
      deleted_at: "2026-03-05T00:00:00.000Z",
      deleted_by: "user:1",
    });
    server.use(
      http.get("*/api/v1/lists", () => HttpResponse.json({ lists: [], deleted: 120 })),
      http.get("*/api/v1/lists/deleted", ({ request }) => {
        const after = new URL(request.url).searchParams.get("after");
        return HttpResponse.json(
          after === null
            ? { deleted: [gone(120)], next: "119" }
            : { deleted: [gone(Number(after))], next: null },
        );
      }),
    );
    const { user } = renderApp("/tags");
    const lists = within(await screen.findByTestId("lists"));
    await user.click(await lists.findByText("已删除的名单（120）"));
    expect(await lists.findByText("名单 120")).toBeInTheDocument();
    expect(lists.queryByText("名单 119")).toBeNull();
    await user.click(lists.getByTestId("more_deleted"));
    expect(await lists.findByText("名单 119")).toBeInTheDocument();
    expect(lists.queryByTestId("more_deleted")).toBeNull();
  });

  it("stand beside lists: of two who rename one the second is told", async () => {
    const { user } = renderApp("/tags");
    const lists = within(await screen.findByTestId("lists"));
    await user.click(await lists.findByRole("button", { name: "改名 内测名单" }));
    const other = { params: { path: { id: 1 } }, body: { name: "别人的", version: 1 } };
    await api.PATCH("/lists/{id}", other);
    const field = lists.getByRole("textbox", { name: "名单" });
    await user.clear(field);
    await user.type(field, "我的{Enter}");
    expect(await lists.findByText(/他人已修改此名单/)).toBeInTheDocument();
    await user.click(lists.getByRole("button", { name: "取消" }));
    expect(await lists.findByText("别人的")).toBeInTheDocument();
  });

  it("stand beside lists: one that rules name is not deleted", async () => {
    server.use(
      http.get("*/api/v1/lists/1", () =>
        HttpResponse.json({ id: 1, name: "内测名单", version: 1, used_by: ["受邀的"] }),
      ),
    );
    const { user } = renderApp("/tags");
    const lists = within(await screen.findByTestId("lists"));
    await user.click(await lists.findByRole("button", { name: "删除 内测名单" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText("受邀的")).toBeInTheDocument();
    expect(dialog.queryByRole("button", { name: "删除" })).toBeNull();
  });

  it("begin with one sentence, and are only read by who may only read", async () => {
    server.resetHandlers(...handlers({ empty: true, permissions: ["customers.read"] }));
    renderApp("/tags");
    expect(await screen.findByText("还没有标签")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "新建" })).toBeNull();
  });
});
