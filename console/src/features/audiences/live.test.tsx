import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { PERMISSIONS } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { COMPUTING, dayOf, ESTIMATE, LIVE } from "@/test/mock_live";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { moversRule } from "./movers";

const server = mockedProgram();

const TODAY = dayOf(Date.now());
const TOMORROW = dayOf(Date.now() + 86_400_000);
// The third of the pretended moves, two hundred minutes ago.
const DAY_OF_ONE_WHO_LEFT = dayOf(Date.now() - 12_001_234);
const OFF = { live: false, state: "off", version: 2 };

const panel = async (name: string) => within(await screen.findByTestId(name));
const answering = (path: string, answer: object) =>
  server.use(http.get(`*/api/v1/${path}`, () => HttpResponse.json(answer)));

describe("the live state of an audience", () => {
  it("shows what it is and what it costs", async () => {
    renderApp("/audiences/3");
    const live = await panel("live");
    expect(await live.findByText("实时", { selector: "span" })).toBeInTheDocument();
    const cost = within(await live.findByTestId("live_cost"));
    expect(cost.getByRole("link", { name: "617,284" })).toHaveAttribute(
      "href",
      "/customers?rule=audience+%22%E8%80%81%E5%AE%A2%22",
    );
    expect(cost.getByText("4.7 MiB")).toBeInTheDocument();
    expect(cost.getByText("3.2 µs")).toBeInTheDocument();
    expect(cost.getByText("0.42%")).toBeInTheDocument();
    expect(live.getByRole("link", { name: "全部实时规则" })).toHaveAttribute(
      "href",
      "/audiences/live",
    );
  });

  it("goes live after the estimate and its warnings, then tells how far it is", async () => {
    answering("audiences/3/live", OFF);
    answering("audiences/3/estimate", {
      ...ESTIMATE,
      warnings: [{ code: "live.never_changes", detail: "这条规则的结果永远不会变。" }],
    });
    const asked: unknown[] = [];
    server.use(
      http.put("*/api/v1/audiences/3/live", async ({ request }) => {
        asked.push(await request.json());
        answering("audiences/3/live", COMPUTING);
        return HttpResponse.json(COMPUTING);
      }),
    );
    const { user } = renderApp("/audiences/3");
    const live = await panel("live");
    await user.click(await live.findByRole("button", { name: "开启实时…" }));
    const dialog = within(await screen.findByRole("dialog"));
    const estimate = within(await dialog.findByTestId("live_estimate"));
    expect(estimate.getByText("617,000")).toBeInTheDocument();
    expect(estimate.getByText("820 ms")).toBeInTheDocument();
    expect(estimate.getByText(/每天约 184,000 个行为与它有关.*时间过去也会有人进出/)).toBeVisible();
    expect(estimate.getByRole("alert")).toHaveTextContent("这条规则的结果永远不会变。");
    expect(asked).toEqual([]);
    await user.click(dialog.getByRole("button", { name: "开启实时" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked).toEqual([{ live: true }]);
    expect(await live.findByRole("progressbar")).toHaveAttribute("value", "0.42");
    expect(live.getByRole("status")).toHaveTextContent("正在后台计算版本 3 · 42%");
    expect(live.getByText("算完之前，版本 2 照常实时。")).toBeInTheDocument();
  });

  it("says why it cannot go live, and stays off", async () => {
    answering("audiences/3/live", OFF);
    server.use(
      http.put("*/api/v1/audiences/3/live", () =>
        HttpResponse.json(
          { type: "", title: "", status: 409, code: "audience.too_many", detail: "实时规则已满。" },
          { status: 409, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    const { user } = renderApp("/audiences/3");
    await user.click(await (await panel("live")).findByRole("button", { name: "开启实时…" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "开启实时" }));
    expect(await dialog.findByText("实时规则已满。")).toBeInTheDocument();
  });

  it("is switched on its way from computing to live", async () => {
    let state: object = COMPUTING;
    server.use(http.get("*/api/v1/audiences/3/live", () => HttpResponse.json(state)));
    renderApp("/audiences/3");
    const live = await panel("live");
    expect(await live.findByRole("progressbar")).toBeInTheDocument();
    state = LIVE;
    expect(await live.findByTestId("live_cost")).toBeInTheDocument();
    expect(live.queryByRole("progressbar")).toBeNull();
  });

  it("asks before it stops", async () => {
    const { user } = renderApp("/audiences/3");
    const live = await panel("live");
    await user.click(await live.findByRole("button", { name: "停止实时" }));
    const sure = within(await screen.findByRole("dialog"));
    expect(sure.getByText(/“老客”不再记录谁进来、谁离开/)).toBeInTheDocument();
    await user.click(sure.getByRole("button", { name: "停止实时" }));
    expect(await live.findByText("未开启")).toBeInTheDocument();
    expect(live.queryByTestId("live_cost")).toBeNull();
  });

  it("offers no switch to whoever may not change audiences", async () => {
    const permissions = PERMISSIONS.filter((each) => each !== "audiences.write");
    server.resetHandlers(...handlers({ permissions }));
    renderApp("/audiences/3");
    const live = await panel("live");
    expect(await live.findByTestId("live_cost")).toBeInTheDocument();
    expect(live.queryByRole("button")).toBeNull();
  });
});

describe("who came and who left", () => {
  it("draws thirty days up and down, today unfinished", async () => {
    renderApp("/audiences/3");
    const picture = await screen.findByRole("img", {
      name: "老客，近 30 天每天进入和离开的人数",
    });
    const drawn = [...picture.querySelectorAll("rect")];
    expect(drawn).toHaveLength(60);
    expect(drawn.filter(({ dataset }) => dataset.unfinished === "true")).toHaveLength(2);
    expect(drawn.filter(({ dataset }) => dataset.direction === "down")).toHaveLength(30);
  });

  it("lists them to the millisecond, latest first, corrections marked, in pages", async () => {
    const { user } = renderApp("/audiences/3");
    const moves = await panel("moves");
    await waitFor(() => expect(moves.getAllByRole("listitem")).toHaveLength(10));
    const [first, , , fourth] = moves.getAllByRole("listitem");
    expect(first).toHaveTextContent(/进入王小明CDNOW-00040\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}/);
    expect(within(first as HTMLElement).getByRole("link")).toHaveAttribute(
      "href",
      "/customers/c_40",
    );
    expect(fourth).toHaveTextContent("更正，记录于");
    await user.click(moves.getByRole("button", { name: "更多" }));
    await waitFor(() => expect(moves.getAllByRole("listitem")).toHaveLength(20));
  });

  it("narrows to one way and one day, in the address, and makes an audience of them", async () => {
    const { user, search, router } = renderApp(`/audiences/3?move=left&day=${DAY_OF_ONE_WHO_LEFT}`);
    const moves = await panel("moves");
    expect(await moves.findByRole("radio", { name: "离开" })).toBeChecked();
    await waitFor(() => {
      for (const row of moves.getAllByRole("listitem")) {
        expect(row).toHaveTextContent(/^离开/);
        expect(row).toHaveTextContent(DAY_OF_ONE_WHO_LEFT);
      }
    });
    await user.click(moves.getByRole("button", { name: `不只看 ${DAY_OF_ONE_WHO_LEFT}` }));
    expect(search().get("day")).toBeNull();
    expect(search().get("move")).toBe("left");
    await user.click(moves.getByRole("button", { name: "存为人群" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/audiences/new"));
    expect(search().get("rule")).toBe(moversRule(3, { direction: "left" }));
  });

  it("opens the people of a number of the table", async () => {
    const { user, search } = renderApp("/audiences/3");
    const table = within(await screen.findByRole("table", { name: "近 30 天的进出" }));
    const today = within(table.getAllByRole("row")[1] as HTMLElement);
    expect(today.getByRole("rowheader")).toHaveTextContent(`${TODAY} 至今`);
    await user.click(today.getByRole("link", { name: "17" }));
    expect(search().get("day")).toBe(TODAY);
    expect(search().get("move")).toBe("left");
    expect(today.getByRole("link", { name: "17" })).toHaveAttribute("aria-current", "true");
  });

  it("says that nothing was recorded before it was live", async () => {
    answering("audiences/3/movements", {
      days: [],
      since: null,
      at: "2026-03-05T00:00:00.000Z",
      position: "1",
      fresh: true,
    });
    renderApp("/audiences/3");
    const movements = await panel("movements");
    expect(await movements.findByText(/还没有记录/)).toBeInTheDocument();
    expect(movements.queryByTestId("moves")).toBeNull();
  });

  it("names nobody to whoever may not see customers", async () => {
    const permissions = PERMISSIONS.filter((each) => each !== "customers.read");
    server.resetHandlers(...handlers({ permissions }));
    renderApp("/audiences/3");
    const movements = await panel("movements");
    expect(await movements.findByRole("table")).toBeInTheDocument();
    expect(movements.queryByRole("link")).toBeNull();
    expect(screen.queryByTestId("moves")).toBeNull();
    expect((await panel("forecast")).queryByTestId("coming")).toBeNull();
  });

  it("writes who moved as a rule, with what was corrected", () => {
    expect(moversRule(3, { direction: "entered", day: "2026-11-30" })).toBe(
      "did audience_entered where (audience_id = 3) between 2026-11-30 and 2026-12-01" +
        ' or did audience_corrected where (audience_id = 3 and to = "in")' +
        " between 2026-11-30 and 2026-12-01",
    );
  });
});

describe("the forecast", () => {
  it("names who leaves tomorrow at the exact moment, until another number is opened", async () => {
    const { user, search } = renderApp("/audiences/3");
    const forecast = await panel("forecast");
    const coming = within(await forecast.findByTestId("coming"));
    expect(coming.getByRole("heading")).toHaveTextContent("明天谁将离开");
    await waitFor(() => expect(coming.getAllByRole("listitem")).toHaveLength(10));
    const [first] = coming.getAllByRole("listitem");
    expect(first).toHaveTextContent(`${TOMORROW} 00:00:00.001`);
    expect(coming.getByText("已显示 10 / 41")).toBeInTheDocument();

    const rows = forecast.getAllByRole("row");
    expect(rows).toHaveLength(9);
    expect(rows[1]).toHaveTextContent(`${TODAY} 剩余`);
    expect(rows[2]).toHaveTextContent(`${TOMORROW} 明天341`);
    await user.click(within(rows[2] as HTMLElement).getByRole("link", { name: "3" }));
    expect(search().get("coming")).toBe(`${TOMORROW}.arriving`);
    const arriving = within(await forecast.findByTestId("coming"));
    expect(arriving.getByRole("heading")).toHaveTextContent("明天谁将进入");
    await waitFor(() => expect(arriving.getAllByRole("listitem")).toHaveLength(3));
  });

  it("says so when time alone moves nobody", async () => {
    answering("audiences/3/forecast", {
      days: [{ day: TODAY, at: new Date().toISOString(), members: 5, arriving: 0, leaving: 0 }],
      members: 5,
      at: new Date().toISOString(),
      position: "1",
      fresh: true,
    });
    renderApp("/audiences/3");
    expect(await (await panel("forecast")).findByText(/未来 7 天没有人进出/)).toBeInTheDocument();
  });

  it("says what happened when it cannot be asked", async () => {
    server.use(
      http.get("*/api/v1/audiences/3/forecast", () =>
        HttpResponse.json(
          { type: "", title: "", status: 503, code: "store.unavailable", detail: "" },
          { status: 503, headers: { "Content-Type": "application/problem+json" } },
        ),
      ),
    );
    renderApp("/audiences/3");
    const forecast = await panel("forecast");
    expect(await forecast.findByRole("alert")).toBeInTheDocument();
    expect(forecast.getByRole("button", { name: "再试一次" })).toBeInTheDocument();
  });
});

describe("everything that is live", () => {
  it("lists audiences and models with what each takes, and the sums", async () => {
    renderApp("/audiences/live");
    const table = within(await screen.findByRole("table", { name: "实时规则" }));
    expect(table.getByRole("link", { name: "老客" })).toHaveAttribute("href", "/audiences/3");
    expect(table.getByRole("link", { name: "今天离开 17 人" })).toHaveAttribute(
      "href",
      "/audiences/3?move=left#moves",
    );
    expect(table.getByRole("link", { name: "生命周期" })).toHaveAttribute(
      "href",
      "/lifecycle/models/lifecycle",
    );
    const sums = await panel("live_sums");
    expect(sums.getByText("2 / 1,000")).toBeInTheDocument();
    expect(sums.getByText("6.02 B")).toBeInTheDocument();
    expect(screen.getByText(/跟得上每个行为/)).toBeInTheDocument();
  });

  it("says how far it is behind", async () => {
    const list: Partial<Schema["LiveList"]> = { behind_ms: 12_300 };
    const all = await fetchedList();
    answering("live", { ...all, ...list });
    renderApp("/audiences/live");
    expect(await screen.findByText(/落后 13 秒，正在跟上/)).toBeInTheDocument();
  });

  it("leads to the audiences while there is nothing", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    renderApp("/audiences/live");
    expect(await screen.findByRole("link", { name: "去选一个人群" })).toHaveAttribute(
      "href",
      "/audiences",
    );
  });

  it("stands in the list of audiences, too: who came and left today", async () => {
    renderApp("/audiences");
    expect(await screen.findByRole("link", { name: "今天进入 41 人" })).toHaveAttribute(
      "href",
      "/audiences/3?move=entered#moves",
    );
    expect(screen.getByRole("link", { name: "617,284" })).toBeInTheDocument();
  });
});

const fetchedList = async () =>
  (await (await fetch(new URL("/api/v1/live", document.baseURI))).json()) as Schema["LiveList"];
