import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { newQueryClient } from "@/app/providers";
import { RULE, SESSION } from "@/test/fixtures";
import { handlers, PASSWORD, SETUP_TOKEN } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const question = (rule: string, more: Record<string, string> = {}) =>
  `/audiences/ask?${new URLSearchParams({ rule, ...more })}`;
const english = async (user: ReturnType<typeof renderApp>["user"]) => {
  await user.click(await screen.findByTestId("user"));
  await user.click(await screen.findByText("English"));
};
const marked = () =>
  [...document.querySelectorAll("[data-mark]")].map((piece) => [
    piece.getAttribute("data-mark"),
    piece.textContent,
  ]);

describe("signing in", () => {
  beforeEach(() => server.resetHandlers(...handlers({ signedIn: false })));

  it("leads to the address that was asked for", async () => {
    const { user, router } = renderApp(question("everyone"));
    await user.type(await screen.findByLabelText("用户名"), "zhang.wei");
    await user.type(screen.getByLabelText("密码"), `${PASSWORD}{Enter}`);
    expect(await screen.findByTestId("count")).toHaveTextContent("1,234,567");
    expect(router.state.location.search).toContain("rule=everyone");
  });

  it("says what is wrong and what to do", async () => {
    const { user } = renderApp("/sign-in");
    await user.type(await screen.findByLabelText("用户名"), "zhang.wei");
    await user.type(screen.getByLabelText("密码"), "guess{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("请检查后重新登录");
  });

  it("makes the owner with the one-time link", async () => {
    const { user, router } = renderApp(`/setup#token=${SETUP_TOKEN}`);
    await user.type(await screen.findByLabelText("用户名"), "owner");
    await user.type(screen.getByLabelText("新密码"), "long enough word");
    await user.type(screen.getByLabelText("再输一次密码"), "long enough word");
    await user.click(screen.getByRole("button", { name: "创建并登录" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
  });

  it("sends nothing while the two passwords differ", async () => {
    const { user, router } = renderApp(`/setup#token=${SETUP_TOKEN}`);
    await user.type(await screen.findByLabelText("用户名"), "owner");
    await user.type(screen.getByLabelText("新密码"), "long enough word");
    await user.type(screen.getByLabelText("再输一次密码"), "long enough wort");
    await user.click(screen.getByRole("button", { name: "创建并登录" }));
    expect(await screen.findByText("两次输入的密码不一样")).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/setup");
  });

  it("asks for the token again when another tab has signed in anew", async () => {
    server.resetHandlers(...handlers());
    let stale = true;
    server.use(
      http.get("*/api/v1/session", () => {
        const token = stale ? "token-of-another-session" : SESSION.csrf_token;
        stale = false;
        return HttpResponse.json({ ...SESSION, csrf_token: token });
      }),
    );
    const client = newQueryClient();
    client.setDefaultOptions({
      queries: { ...client.getDefaultOptions().queries, retryDelay: 50 },
    });
    renderApp(question("everyone"), client);
    expect(await screen.findByTestId("count")).toBeInTheDocument();
  });

  it("says when signing out fails", async () => {
    server.resetHandlers(...handlers());
    server.use(http.delete("*/api/v1/session", () => HttpResponse.error()));
    const { user } = renderApp("/audiences/ask");
    await user.click(await screen.findByTestId("user"));
    await user.click(await screen.findByText("退出登录"));
    expect(await screen.findByText("没有退出：连不上服务器。")).toBeInTheDocument();
  });

  it("ends with the session", async () => {
    server.resetHandlers(...handlers());
    const { user } = renderApp("/audiences/ask");
    await user.click(await screen.findByTestId("user"));
    await user.click(await screen.findByText("退出登录"));
    expect(await screen.findByRole("heading", { name: "登录" })).toBeInTheDocument();
  });
});

describe("a question", () => {
  it("is underlined where the mistake is and fixed by one click", async () => {
    const { user, search } = renderApp("/audiences/ask");
    const area = await screen.findByRole("combobox", { name: "规则" });
    await user.type(area, 'tag "等级/VIP" and did order_paid in lst 30d');
    await waitFor(() => expect(marked()).toEqual([["mistake", "lst"]]));
    expect(area).toBeInvalid();
    expect(screen.getByRole("button", { name: "提问" })).toBeDisabled();

    await user.click(screen.getByTestId("fix"));
    expect(area).toHaveValue('tag "等级/VIP" and did order_paid in last 30d');
    await waitFor(() => expect(marked()).toEqual([]));
    await user.click(screen.getByRole("button", { name: "提问" }));
    expect(await screen.findByTestId("count")).toHaveTextContent("1,234,567");
    expect(screen.getByText("约 123.5万")).toBeInTheDocument();
    expect(search().get("rule")).toBe('tag "等级/VIP" and did order_paid in last 30d');
  });

  it("warns of an unknown name and still answers", async () => {
    renderApp(question("did order_piad"));
    await waitFor(() => expect(marked()).toEqual([["warning", "order_piad"]]));
    expect(screen.getByTestId("fix")).toHaveTextContent("order_paid");
    expect(await screen.findByText("没有人符合")).toBeInTheDocument();
  });

  it("leads to the first import while nobody is known", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    const { user } = renderApp("/audiences/ask");
    expect(await screen.findByText("还没有客户")).toBeInTheDocument();
    expect(screen.getByTestId("start_import")).toHaveAttribute("href", "/customers/import");
    expect(screen.queryByText(/siyu import/)).toBeNull();
    expect(screen.queryByText("近 30 天买过")).toBeNull();

    await user.type(screen.getByRole("combobox", { name: "规则" }), "everyone{Control>}{Enter}");
    expect(await screen.findByTestId("count")).toHaveTextContent("0");
    expect(await screen.findByText("还没有客户")).toBeInTheDocument();
    expect(screen.queryByText("没有人符合")).toBeNull();
  });

  it("says when an answer lacks what was written last", async () => {
    server.use(
      http.post("*/api/v1/rules/count", () =>
        HttpResponse.json({
          count: 3,
          at: "2026-10-10T00:00:00.000Z",
          warnings: [],
          position: "12",
          fresh: false,
        }),
      ),
    );
    renderApp(question(RULE));
    expect(await screen.findByText("最近写入的内容尚未计入，请稍后再问。")).toBeInTheDocument();
  });

  it("starts from an example", async () => {
    const { user, search } = renderApp("/audiences/ask");
    await user.click(await screen.findByText("近 30 天买过"));
    expect(search().get("rule")).toBe("did order_paid in last 30d");
    expect(await screen.findByTestId("count")).toBeInTheDocument();
  });

  it("completes names by the keyboard", async () => {
    const { user } = renderApp("/audiences/ask");
    const area = await screen.findByRole("combobox", { name: "规则" });
    await user.type(area, "did ");
    await waitFor(async () => {
      await user.type(area, "o");
      expect(screen.getByRole("option", { name: /order_paid/ })).toBeInTheDocument();
    });
    await user.keyboard("{Enter}");
    expect(area).toHaveValue("did order_paid");
  });

  it("keeps back and forward", async () => {
    const { user, router } = renderApp(question("everyone"));
    await user.click(await screen.findByText("CDNOW-00002"));
    expect(await screen.findByTestId("explanation")).toBeInTheDocument();
    await act(() => router.navigate(-1));
    await waitFor(() => expect(screen.queryByTestId("explanation")).toBeNull());
    expect(screen.getByRole("combobox", { name: "规则" })).toHaveValue("everyone");
  });

  it("shows people by what they are called and told apart by", async () => {
    renderApp(question("everyone"));
    const people = within(await screen.findByTestId("people"));
    // The forty-second has a name; the others a number and a phone.
    expect(people.getByText("王小明")).toBeInTheDocument();
    expect(people.getByText("CDNOW-00042 · 138****8000")).toBeInTheDocument();
    expect(people.getByText("139****0002")).toBeInTheDocument();
  });

  it("shows more people", async () => {
    const { user } = renderApp(question("everyone"));
    const people = await screen.findByTestId("people");
    expect(within(people).getAllByRole("link")).toHaveLength(50);
    await user.click(screen.getByTestId("more_people"));
    await waitFor(() => expect(within(people).getAllByRole("link")).toHaveLength(100));
    expect(screen.getByText("已显示 100 / 1,234,567")).toBeInTheDocument();
  });

  it("is asked at the moment of the address, on the workspace's clock", async () => {
    renderApp(question("everyone", { at: "2026-02-01T08:00:00.000" }));
    const count = await screen.findByTestId("count");
    expect(count.parentElement).toHaveTextContent("2026-02-01 08:00 Asia/Shanghai");
  });

  it("is asked at a chosen moment", async () => {
    const { user, search } = renderApp(question("everyone"));
    await user.click(await screen.findByText("某个时刻"));
    const field = screen.getByLabelText("时刻（Asia/Shanghai）");
    fireEvent.change(field, { target: { value: "2026-02-01T08:30" } });
    await user.click(screen.getByRole("button", { name: "提问" }));
    await waitFor(() => expect(search().get("at")).toBe("2026-02-01T08:30"));
    const count = await screen.findByTestId("count");
    expect(count.parentElement).toHaveTextContent("2026-02-01 08:30 Asia/Shanghai");
  });

  it("says what a heavy one takes, and is asked knowingly", async () => {
    const { user } = renderApp(question("heavy"));
    const told = await screen.findByTestId("heavy");
    expect(told).toHaveTextContent("要查 1,234,567 位客户、读约 3 GiB 的数据，单核约需 5 秒钟");
    expect(screen.queryByTestId("count")).toBeNull();
    await user.click(within(told).getByRole("button", { name: "仍要提问" }));
    expect(await screen.findByTestId("count")).toHaveTextContent("1,234,567");
    expect(screen.queryByTestId("heavy")).toBeNull();
  });

  it("says when the database is lost", async () => {
    renderApp(question("broken"));
    const [alert] = await screen.findAllByRole("alert");
    expect(alert).toHaveTextContent("数据库暂不可用");
  });
});

describe("one person", () => {
  it("shows why, the record and the history", async () => {
    const { user } = renderApp(question(RULE, { person: "c_42" }));
    const why = await screen.findByTestId("explanation");
    expect(why).toHaveTextContent("符合");
    expect(within(why).getByText("任一成立")).toBeInTheDocument();
    const wrong = (await within(why).findByText("没有标签“等级/VIP”")).closest("li");
    expect(wrong).toHaveAttribute("data-answer", "false");
    await waitFor(() => expect(why).toHaveTextContent("amount ¥1,234.50"));

    const person = screen.getByTestId("person");
    expect(await within(person).findByText("13800138000")).toBeInTheDocument();
    expect(within(person).getByText("手机号")).toHaveAttribute("title", "phone");
    expect(person).toHaveTextContent("¥12,345.60");
    expect(person).toHaveTextContent("咖啡、徒步");
    expect(person).toHaveTextContent("等级/VIP");
    expect(person).toHaveTextContent("已撤回");

    await user.click(await within(person).findByText("更早的行为"));
    expect(await within(person).findByText("扫码")).toBeInTheDocument();
  });

  it("leads to the moment of the next change", async () => {
    const { user, search } = renderApp(question(RULE, { person: "c_42" }));
    await user.click(await screen.findByText("看那一刻"));
    expect(search().get("at")).toBe("2026-03-12T12:00:00.001Z");
    expect(search().get("person")).toBe("c_42");
  });

  it("is found by the start of any identity", async () => {
    const { user, search } = renderApp(question("everyone"));
    await user.type(await screen.findByTestId("find"), "1380");
    const found = within(await screen.findByTestId("found"));
    await user.click(await found.findByText("CDNOW-00042 · 138****8000"));
    expect(search().get("person")).toBe("c_42");
    expect(search().get("rule")).toBe("everyone");
    expect(await screen.findByTestId("explanation")).toBeInTheDocument();
  });

  it("says so when there is no such customer", async () => {
    const { user } = renderApp(question("everyone", { person: "ghost" }));
    expect((await screen.findAllByText("没有这位客户。")).length).toBeGreaterThan(0);
    await english(user);
    expect(await screen.findByText("There is no such customer.")).toBeInTheDocument();
  });

  it("reads in English", async () => {
    const { user } = renderApp(question(RULE, { person: "c_42" }));
    await english(user);
    const why = await screen.findByTestId("explanation");
    expect(why).toHaveTextContent("Matches");
    await waitFor(() => expect(why).toHaveTextContent("Order paid"));
  });
});
