import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { pointsOf } from "./size_line";

const server = mockedProgram();

const NOTHING_LIVE: Schema["LiveList"] = {
  subjects: [],
  subjects_max: 1000,
  customers: 500,
  bytes: 0,
  bytes_per_customer_and_rule: 0,
  cpu_share: 0,
  flips_today: 0,
  at: "2026-03-05T00:00:00.000Z",
  position: "1",
  behind_ms: 0,
};
const EAST_MS = 8 * 3_600_000;
const words = () => screen.findByRole("combobox", { name: "规则" });
const someoneElse = (change: Partial<Schema["AudienceChange"]>) =>
  fetch(new URL("/api/v1/audiences/3", document.baseURI), {
    method: "PUT",
    headers: { "X-CSRF-Token": "token-of-the-session", "Content-Type": "application/json" },
    body: JSON.stringify({ version: 2, ...change }),
  });
const blocks = async () => within(await screen.findByTestId("blocks"));

describe("the list of audiences", () => {
  it("shows each with its size now and at the end of thirty days", async () => {
    const AT = "2026-03-05T00:00:00.000Z";
    const asked: string[] = [];
    server.use(
      http.get("*/api/v1/live", () => HttpResponse.json(NOTHING_LIVE)),
      http.get("*/api/v1/audiences/3/sizes", ({ request }) => {
        asked.push(new URL(request.url).search);
        const midnight = Date.parse(`${new Date(Date.now() + EAST_MS).toISOString().slice(0, 10)}`);
        const sizes = Array.from({ length: 29 }, (_, index) => ({
          at: new Date(midnight - EAST_MS - (28 - index) * 86_400_000).toISOString(),
          customers: 400 + index,
          position: "1",
        }));
        return HttpResponse.json({ version: 2, sizes, position: "1", fresh: true });
      }),
      http.post("*/api/v1/rules/count", async ({ request }) => {
        const { rule, at } = (await request.json()) as Schema["CountQuestion"];
        asked.push(`${rule} ${at}`);
        return HttpResponse.json({ count: 1500, at: AT, warnings: [], position: "1", fresh: true });
      }),
    );
    renderApp("/audiences");
    expect(await screen.findByRole("link", { name: "1,500" })).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "近 30 天从 400 人到 1,500 人" })).toBeInTheDocument();
    expect(screen.getByText("+275%")).toBeInTheDocument();
    expect(asked).toEqual(["?days=29", 'audience "老客" undefined']);
  });

  it("shows the history of one as a picture and as a table", async () => {
    renderApp("/audiences/3");
    const picture = await screen.findByRole("img", { name: "老客，近 30 天每天结束时的人数" });
    const drawn = () => [...picture.querySelectorAll("rect")];
    await waitFor(() => expect(drawn()).toHaveLength(30));
    expect(drawn().filter(({ dataset }) => dataset.unfinished === "true")).toHaveLength(1);
  });

  it("begins with an example while there is none", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    const { user } = renderApp("/audiences");
    await user.click(await screen.findByText("过去 90 天“支付”至少 3 次"));
    expect(await words()).toHaveValue("did order_paid >= 3 times in last 90d");
  });

  it("draws from the least to the most", () => {
    expect(pointsOf([1, 3, 2])).toEqual([
      [3, 29],
      [60, 3],
      [117, 16],
    ]);
    expect(pointsOf([5, 5]).map(([, y]) => y)).toEqual([16, 16]);
  });
});

describe("an audience", () => {
  it("is made of blocks, counted as it is built, and saved", async () => {
    const { user, router } = renderApp("/audiences/new");
    await user.click(await (await blocks()).findByRole("button", { name: "＋ 条件" }));
    expect(await words()).toHaveValue("did order_paid in last 30d");
    expect(await screen.findByTestId("live_count")).toHaveTextContent("1,234,567");

    const built = await blocks();
    await user.selectOptions(built.getByLabelText("多少"), "times");
    await user.click(built.getByRole("button", { name: "＋ 条件" }));
    const [, second] = built.getAllByLabelText("条件的种类");
    await user.selectOptions(second as HTMLElement, "tag");
    expect(await words()).toHaveValue('did order_paid >= 2 times in last 30d and tag "等级/VIP"');
    const [, turn] = built.getAllByRole("button", { name: "非" });
    await user.click(turn as HTMLElement);
    expect(await words()).toHaveValue(
      'did order_paid >= 2 times in last 30d and not tag "等级/VIP"',
    );

    await user.type(screen.getByRole("textbox", { name: "人群" }), "该唤醒的");
    await user.click(screen.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/audiences\/\d+$/));
    expect(await screen.findByRole("heading", { name: "该唤醒的" })).toBeInTheDocument();
  });

  it("shows as blocks what is typed in words, and keeps what has no block as words", async () => {
    const { user } = renderApp("/audiences/new");
    const rule = 'held(not tag "等级/VIP", 3d) and age is known';
    await user.click(await words());
    await user.paste(rule);
    const built = await blocks();
    const kept = await built.findByRole("textbox", { name: "这一项的规则文字" });
    expect(kept).toHaveValue('held(not tag "等级/VIP", 3d)');
    await user.selectOptions(built.getByLabelText("怎样判断"), "unknown");
    expect(await words()).toHaveValue('held(not tag "等级/VIP", 3d) and age is unknown');
  });

  it("leaves the blocks alone while the words hold a mistake", async () => {
    const { user } = renderApp("/audiences/3");
    const area = await words();
    await waitFor(() => expect(area).toHaveValue("did order_paid >= 3 times in last 90d"));
    expect(await (await blocks()).findByLabelText("多少")).toBeInTheDocument();
    await user.clear(area);
    await user.type(area, "did order_paid in lst 30d");
    expect(await screen.findByText("规则文字里有错，改正后这里会跟上。")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "保存" })).toBeDisabled();
    await user.click(screen.getByTestId("fix"));
    await waitFor(() => expect(screen.queryByText(/改正后这里会跟上/)).toBeNull());
  });

  it("asks again when the rule changes, and drops the older question", async () => {
    const begun: string[] = [];
    const stopped: string[] = [];
    server.use(
      http.post("*/api/v1/rules/count", async ({ request }) => {
        const { rule = "" } = (await request.json()) as Schema["CountQuestion"];
        if (!rule.includes("first")) {
          return HttpResponse.json({
            count: 7,
            at: "2026-03-05T00:00:00.000Z",
            warnings: [],
            position: "1",
            fresh: true,
          });
        }
        begun.push(rule);
        await new Promise<void>((resolve) => {
          request.signal.addEventListener("abort", () => {
            stopped.push(rule);
            resolve();
          });
        });
        return HttpResponse.error();
      }),
    );
    const { user } = renderApp("/audiences/new?rule=first+order_paid");
    const area = await words();
    await waitFor(() => expect(area).toHaveValue("first order_paid"));
    await waitFor(() => expect(begun).toEqual(["first order_paid"]));
    await user.clear(area);
    await user.type(area, "everyone");
    expect(await screen.findByTestId("live_count")).toHaveTextContent("7");
    await waitFor(() => expect(stopped).toEqual(["first order_paid"]));
  });

  it("tells who saves second, who loses nothing and may save theirs as the next", async () => {
    const read: string[] = [];
    server.use(
      http.post("*/api/v1/rules/check", async ({ request }) => {
        read.push(((await request.clone().json()) as { rule: string }).rule);
      }),
    );
    const { user } = renderApp("/audiences/3");
    const area = await words();
    await waitFor(() => expect(area).toHaveValue("did order_paid >= 3 times in last 90d"));
    await someoneElse({ rule: "did order_paid >= 9 times" });
    await user.clear(area);
    await user.type(area, "did order_paid >= 4 times");
    await user.click(screen.getByRole("button", { name: "保存" }));
    const conflict = within(await screen.findByTestId("conflict"));
    expect(conflict.getByText("did order_paid >= 9 times")).toBeInTheDocument();
    expect(conflict.getByText("did order_paid >= 4 times")).toBeInTheDocument();
    expect(area).toHaveValue("did order_paid >= 4 times");
    // The answer carried the tree of theirs.
    expect(read).toContain("did order_paid >= 4 times");
    expect(read).not.toContain("did order_paid >= 9 times");

    await user.click(screen.getByRole("button", { name: "用我的，作为新版本" }));
    await waitFor(() => expect(screen.queryByTestId("conflict")).toBeNull());
    const versions = within(screen.getByRole("table", { name: "版本" }));
    expect(versions.getAllByRole("row")).toHaveLength(5);
    expect(versions.getByText("did order_paid >= 9 times")).toBeInTheDocument();
  });

  it("keeps the name somebody else has given it when only the rule is mine", async () => {
    const { user } = renderApp("/audiences/3");
    const area = await words();
    await waitFor(() => expect(area).toHaveValue("did order_paid >= 3 times in last 90d"));
    await someoneElse({ name: "常客", rule: "did order_paid >= 9 times" });
    await user.clear(area);
    await user.type(area, "did order_paid >= 4 times");
    await user.click(screen.getByRole("button", { name: "保存" }));
    const conflict = within(await screen.findByTestId("conflict"));
    expect(conflict.getAllByText("常客")).toHaveLength(2);
    expect(screen.getByRole("textbox", { name: "人群" })).toHaveValue("常客");
    expect(area).toHaveValue("did order_paid >= 4 times");

    await user.click(screen.getByRole("button", { name: "用我的，作为新版本" }));
    await waitFor(() => expect(screen.queryByTestId("conflict")).toBeNull());
    expect(await screen.findByRole("heading", { name: "常客" })).toBeInTheDocument();
    const versions = within(screen.getByRole("table", { name: "版本" }));
    expect(versions.getAllByRole("row").map((row) => row.textContent)).toEqual([
      expect.anything(),
      expect.stringContaining("版本4人群常客规则did order_paid >= 4 times"),
      expect.stringContaining("版本3人群常客规则did order_paid >= 9 times"),
      expect.stringContaining("版本2人群老客规则过去 90 天“支付”至少 3 次"),
      expect.stringContaining("版本1人群老客规则有过“支付”"),
    ]);
  });

  it("tells who renames second, and shows both names", async () => {
    const { user } = renderApp("/audiences/3");
    const name = await screen.findByRole("textbox", { name: "人群" });
    await someoneElse({ name: "常客" });
    await user.clear(name);
    await user.type(name, "熟客{Enter}");
    const conflict = within(await screen.findByTestId("conflict"));
    expect(conflict.getByText("常客")).toBeInTheDocument();
    expect(conflict.getByText("熟客")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "用对方的" }));
    expect(name).toHaveValue("常客");
    expect(screen.getByRole("button", { name: "保存" })).toBeDisabled();
  });

  it("is not deleted when somebody has changed it since, and shows what it is now", async () => {
    const { user } = renderApp("/audiences/3");
    await words();
    await someoneElse({ rule: "did order_paid >= 9 times" });
    await user.click(screen.getByRole("button", { name: "删除人群" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "删除人群" }));
    expect(await dialog.findByText(/他人已修改此人群/)).toBeInTheDocument();
    expect(await words()).toHaveValue("did order_paid >= 9 times");
  });

  it("goes back to an older version, which makes a new one", async () => {
    const { user } = renderApp("/audiences/3");
    const versions = within(await screen.findByRole("table", { name: "版本" }));
    await user.click(versions.getByRole("button", { name: "恢复这一版" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/版本 1：老客，有过“支付”。/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "恢复这一版" }));
    await waitFor(async () => expect(await words()).toHaveValue("did order_paid"));
    await waitFor(() => expect(versions.getAllByRole("row")).toHaveLength(4));
  });

  it("goes back also after somebody else has saved: told once, then from theirs", async () => {
    const versionsSent: unknown[] = [];
    server.events.on("request:start", async ({ request }) => {
      if (request.method === "PUT") versionsSent.push((await request.clone().json()).version);
    });
    const { user } = renderApp("/audiences/3");
    const versions = within(await screen.findByRole("table", { name: "版本" }));
    await someoneElse({ rule: "did order_paid >= 9 times" });
    await user.click(versions.getByRole("button", { name: "恢复这一版" }));
    const dialog = within(await screen.findByRole("dialog"));
    const restore = dialog.getByRole("button", { name: "恢复这一版" });
    await user.click(restore);
    expect(await dialog.findByText(/他人已修改此人群/)).toBeInTheDocument();
    await user.click(restore);
    await waitFor(async () => expect(await words()).toHaveValue("did order_paid"));
    expect(versionsSent).toHaveLength(3);
    expect(versionsSent[2]).not.toEqual(versionsSent[1]);
  });

  it("asks before an older version takes the place of what is not saved", async () => {
    const { user } = renderApp("/audiences/3");
    const versions = within(await screen.findByRole("table", { name: "版本" }));
    await user.type(await screen.findByRole("textbox", { name: "人群" }), "们");
    await user.click(versions.getByRole("button", { name: "恢复这一版" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/还没保存的内容会丢失/)).toBeInTheDocument();
  });

  it("is not left before it is saved without being asked", async () => {
    const { user, router } = renderApp("/audiences/3");
    const name = await screen.findByRole("textbox", { name: "人群" });
    const leaves = () => {
      const event = new Event("beforeunload", { cancelable: true });
      window.dispatchEvent(event);
      return !event.defaultPrevented;
    };
    expect(leaves()).toBe(true);
    await user.type(name, "们");
    expect(leaves()).toBe(false);
    const menu = within(screen.getAllByRole("navigation")[0] as HTMLElement);
    await user.click(menu.getByRole("link", { name: "客户" }));
    const dialog = within(await screen.findByRole("dialog", { name: "还没有保存" }));
    await user.click(dialog.getByRole("button", { name: "留在这里" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(name).toHaveValue("老客们");
    // A person beside the list is no leaving.
    await user.click(await screen.findByRole("link", { name: /CDNOW-00002/ }));
    expect(await screen.findByTestId("explanation")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(leaves()).toBe(true));
    await user.type(name, "!");
    await user.click(menu.getByRole("link", { name: "客户" }));
    await user.click(await screen.findByRole("button", { name: "不保存，离开" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/customers"));
  });

  it("keeps people and count in their place while the next are counted", async () => {
    let answer = () => {};
    const { user } = renderApp("/audiences/3");
    await screen.findByTestId("people");
    server.use(
      http.post("*/api/v1/rules/count", async () => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        const at = "2026-03-05T00:00:00.000Z";
        return HttpResponse.json({ count: 7, at, warnings: [], position: "12", fresh: true });
      }),
    );
    const count = screen.getByTestId("live_count");
    const before = count.textContent;
    await user.type(await words(), " and everyone");
    await waitFor(() => expect(count.closest("[aria-live]")).toHaveAttribute("aria-busy", "true"));
    expect(count).toHaveTextContent(before ?? "");
    expect(screen.getByTestId("people")).toBeInTheDocument();
    await waitFor(() => {
      answer();
      expect(screen.getByTestId("live_count")).toHaveTextContent("7");
    });
    expect(screen.getByTestId("people")).toBeInTheDocument();
  });

  it("does not count what is heavy until somebody wants it", async () => {
    const { user } = renderApp(`/audiences/new?${new URLSearchParams({ rule: "heavy" })}`);
    const told = await screen.findByTestId("heavy");
    expect(screen.queryByTestId("live_count")).toBeNull();
    await user.click(within(told).getByRole("button", { name: "仍要提问" }));
    expect(await screen.findByTestId("live_count")).toHaveTextContent("1,234,567");
  });

  it("says which moment its sizes are of, and that they lack something", async () => {
    const sizes = { version: 2, sizes: [], position: "1", fresh: false };
    server.use(http.get("*/api/v1/audiences/3/sizes", () => HttpResponse.json(sizes)));
    renderApp("/audiences/3");
    const days = within(await screen.findByRole("region", { name: "近 30 天的人数" }));
    const as_of = await days.findByTestId("as_of");
    expect(as_of).toHaveTextContent("截至 2026-03-05 08:00");
    expect(as_of.parentElement).toHaveTextContent("最近写入的内容尚未计入");
  });

  it("opens with what it says now, not with what it said when it was last seen", async () => {
    const { router } = renderApp("/audiences/3");
    expect(await words()).toHaveValue("did order_paid >= 3 times in last 90d");
    await act(() => router.navigate("/audiences"));
    await screen.findByRole("link", { name: "老客" });
    await someoneElse({ rule: "did order_paid >= 9 times" });
    await act(() => router.navigate("/audiences/3"));
    expect(await words()).toHaveValue("did order_paid >= 9 times");
  });

  it("keeps its people when they cannot be asked for again, and says so", async () => {
    const { client } = renderApp("/audiences/3");
    await screen.findByTestId("people");
    const broken = () => HttpResponse.json({ status: 503, code: "x" }, { status: 503 });
    server.use(http.post("*/api/v1/customers/list", broken));
    await act(() => client.invalidateQueries({ queryKey: ["rules", "list"] }));
    expect(await screen.findByRole("alert")).toBeInTheDocument();
    expect(screen.getByTestId("people")).toBeInTheDocument();
  });

  it("explains one person of it", async () => {
    const { user, search } = renderApp("/audiences/3");
    await user.click(await screen.findByRole("link", { name: /CDNOW-00002/ }));
    expect(await screen.findByTestId("explanation")).toHaveTextContent("符合");
    expect(search().get("person")).toBe("c_2");
  });

  it("is not deleted while others use it, and says which", async () => {
    const { user } = renderApp("/audiences/3");
    expect(await screen.findByTestId("used_by")).toHaveTextContent("沉睡老客");
    await user.click(screen.getByRole("button", { name: "删除人群" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "删除人群" }));
    expect(await dialog.findByText(/其他人群正在引用它/)).toBeInTheDocument();
  });

  it("is saved under another name as another one", async () => {
    const { user, router } = renderApp("/audiences/3");
    await user.click(await screen.findByRole("button", { name: "另存为…" }));
    await user.type(screen.getByRole("textbox", { name: "新人群的名字" }), "老客{Enter}");
    expect(await screen.findByText(/已有同名人群/)).toBeInTheDocument();
    await user.type(screen.getByRole("textbox", { name: "新人群的名字" }), "二号{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/audiences/101"));
  });

  it("is only read by who may only read", async () => {
    server.resetHandlers(...handlers({ permissions: ["audiences.read", "customers.read"] }));
    renderApp("/audiences/3");
    expect(await screen.findByTestId("live_count")).toBeInTheDocument();
    for (const name of ["保存", "删除人群", "恢复这一版"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
  });

  it("says when there is none", async () => {
    renderApp("/audiences/999");
    expect(await screen.findByText("没有这个人群")).toBeInTheDocument();
  });
});
