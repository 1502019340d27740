import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
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

  it("begin with one sentence, and are only read by who may only read", async () => {
    server.resetHandlers(...handlers({ empty: true, permissions: ["customers.read"] }));
    renderApp("/tags");
    expect(await screen.findByText("还没有标签")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "新建" })).toBeNull();
  });
});
