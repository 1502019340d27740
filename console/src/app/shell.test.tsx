import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { mayOpen, PAGES, pageOf } from "./pages";

const server = mockedProgram();

const menu = async () =>
  (await screen.findAllByRole("navigation", { name: "主菜单" }))[0] as HTMLElement;

describe("the table of pages", () => {
  it("has one row for an address, and every row below one that is there", () => {
    const paths = PAGES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const { below, icon } of PAGES) {
      if (below !== undefined) expect(paths).toContain(below);
      else expect(icon).toBeDefined();
    }
  });

  it("knows the page of an address", () => {
    expect(pageOf("/")?.name).toBe("home");
    expect(pageOf("/audiences/ask")?.name).toBe("ask");
    expect(pageOf("/audiences/3")?.name).toBe("audiences");
    expect(pageOf("/audiencesking")).toBeUndefined();
  });

  it("opens to who may", () => {
    const [home] = PAGES;
    expect(home && mayOpen(home, ["audiences.read"])).toBe(true);
    expect(home && mayOpen(home, ["audit.read"])).toBe(false);
  });
});

describe("the shell", () => {
  it("marks where one is and leads elsewhere", async () => {
    const { user, router } = renderApp("/");
    const home = await within(await menu()).findByRole("link", { name: "总览" });
    expect(home).toHaveAttribute("aria-current", "page");
    await user.click(within(await menu()).getByRole("link", { name: "人群" }));
    expect(router.state.location.pathname).toBe("/audiences");
    await user.click(await within(await menu()).findByRole("link", { name: "提问" }));
    expect(await screen.findByRole("combobox", { name: "规则" })).toBeInTheDocument();
  });

  it("carries the tokens its styles are made of", async () => {
    renderApp("/");
    const page = (await menu()).closest(".app");
    expect(page).toHaveClass("siyu");
    const styles = [...document.querySelectorAll("style")].map(({ textContent }) => textContent);
    expect(
      styles.some((text) => text.includes(".siyu{") && text.includes("--ant-color-text:")),
    ).toBe(true);
  });

  it("folds and stays folded", async () => {
    const { user } = renderApp("/");
    await user.click(await screen.findByRole("button", { name: "收起菜单" }));
    expect(screen.getByRole("button", { name: "展开菜单" })).toBeInTheDocument();
    expect(localStorage.getItem("siyu.menu")).toBe("folded");
  });

  it("shows only what one may see", async () => {
    server.resetHandlers(...handlers({ permissions: ["customers.write"] }));
    renderApp("/");
    expect(await screen.findByText("这个页面不在你的权限内")).toBeInTheDocument();
    expect(within(await menu()).queryAllByRole("link")).toHaveLength(0);
  });

  it("leads from where pages have been", async () => {
    const { router } = renderApp("/question?rule=everyone");
    expect(await screen.findByTestId("count")).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/audiences/ask");
    expect(router.state.location.search).toBe("?rule=everyone");
  });

  it("says when the network is gone", async () => {
    renderApp("/");
    await menu();
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    window.dispatchEvent(new Event("offline"));
    expect(await screen.findByText(/网络已断开/)).toBeInTheDocument();
    online.mockRestore();
    window.dispatchEvent(new Event("online"));
  });
});

describe("the palette", () => {
  it("opens by the keyboard and leads to a page by its name or address", async () => {
    const { user, router } = renderApp("/");
    await menu();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByTestId("palette_text"), "audiences/a");
    await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
    expect(screen.getByTestId("palette_text")).toHaveAttribute(
      "aria-activedescendant",
      screen.getByRole("option").id,
    );
    await user.keyboard("{Enter}");
    expect(router.state.location.pathname).toBe("/audiences/ask");
    await waitFor(() => expect(screen.queryByTestId("palette_text")).toBeNull());
  });

  it("finds people, and moves by arrows", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByTestId("palette"));
    await user.type(await screen.findByTestId("palette_text"), "1380");
    const person = await screen.findByRole("option", { name: /CDNOW-00042/ });
    expect(person).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers/c_42"));
  });

  it("finds audiences", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByTestId("palette"));
    await user.type(await screen.findByTestId("palette_text"), "老客");
    await user.click(await screen.findByRole("option", { name: /老客/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/audiences/3"));
  });

  it("says when nothing is found, and when the search fails", async () => {
    const { user } = renderApp("/");
    await user.click(await screen.findByTestId("palette"));
    await user.type(await screen.findByTestId("palette_text"), "zzz");
    expect(await screen.findByText(/什么都没找到/)).toBeInTheDocument();
    server.use(http.post("*/api/v1/customers/list", () => HttpResponse.error()));
    await user.type(screen.getByTestId("palette_text"), "y");
    expect(await screen.findByText("连不上服务器。")).toBeInTheDocument();
  });
});
