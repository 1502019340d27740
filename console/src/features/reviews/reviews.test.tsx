import { screen, waitFor, within } from "@testing-library/react";
import { setupServer } from "msw/node";
import { handlers } from "@/test/mock_api";
import { renderApp } from "@/test/render_app";
import { chooseLanguage } from "@/text/language";

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(async () => {
  server.resetHandlers(...handlers());
  await chooseLanguage("zh-CN");
});
afterAll(() => server.close());

const asked: [string, unknown][] = [];
const decided = () => {
  asked.length = 0;
  server.events.removeAllListeners();
  server.events.on("request:start", async ({ request }) => {
    if (request.method !== "POST" || !request.url.includes("/merge-reviews/")) return;
    asked.push([
      new URL(request.url).pathname.split("/").at(-1) ?? "",
      await request.clone().json(),
    ]);
  });
};

describe("reviews", () => {
  it("show two with one phone side by side, and keep them apart", async () => {
    decided();
    const { user } = renderApp("/customers/reviews");
    const panel = within(await screen.findByRole("region", { name: /c_81 也带着 CDNOW-00042 的/ }));
    const table = within(await panel.findByRole("table"));
    expect(table.getAllByRole("link", { name: "王小明" })[0]).toHaveAttribute(
      "href",
      "/customers/c_42",
    );
    const phone = table.getByRole("row", { name: /^手机号/ });
    expect(phone).toHaveAttribute("data-differs", "true");
    await user.click(panel.getByRole("button", { name: "不是同一个人" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "不是同一个人" }));
    await waitFor(() => expect(screen.queryByText(/c_81 也带着/)).toBeNull());
    expect(asked).toEqual([["6", { decision: "keep_apart" }]]);
  });

  it("merge two who are one", async () => {
    decided();
    const { user } = renderApp("/customers/reviews");
    const panel = within(await screen.findByRole("region", { name: /c_81 也带着/ }));
    await user.click(panel.getByRole("button", { name: "合并为一人" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText(/可以撤销/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "合并为一人" }));
    await waitFor(() => expect(screen.queryByText(/c_81 也带着/)).toBeNull());
    expect(asked).toEqual([["6", { decision: "merge" }]]);
  });

  it("that were decided tell who, when and what", async () => {
    decided();
    const { user, search } = renderApp("/customers/reviews");
    const panel = within(
      await screen.findByRole("region", { name: /c_81 也带着 CDNOW-00042 的手机号/ }),
    );
    await user.click(panel.getByRole("button", { name: "合并为一人" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "合并为一人" }));
    await waitFor(() => expect(screen.queryByText(/c_81 也带着/)).toBeNull());

    await user.click(screen.getByRole("radio", { name: "已决定" }));
    expect(search().get("state")).toBe("decided");
    const table = within(await screen.findByRole("table", { name: "已决定" }));
    const apart = within(table.getByRole("row", { name: /CDNOW-00107/ }));
    expect(apart.getByText("不是同一个人")).toBeInTheDocument();
    expect(apart.getByText("li.na")).toBeInTheDocument();
    expect(apart.getByText("手机号")).toBeInTheDocument();
    expect(
      within(table.getByRole("row", { name: /c_76/ })).getByText("命令行"),
    ).toBeInTheDocument();
    const mine = within(table.getByRole("row", { name: /c_81/ }));
    expect(mine.getByText("合并为一人")).toBeInTheDocument();
    expect(mine.getByText("zhang.wei")).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "待核对" }));
    expect(search().get("state")).toBeNull();
  });

  it("say that there are none, and where they come from", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    renderApp("/customers/reviews");
    expect(await screen.findByText("没有要核对的合并")).toBeInTheDocument();
  });
});
