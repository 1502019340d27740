import { screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { PERMISSIONS } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { MEMBERSHIPS, STAGES, VALUE_OF_ONE } from "@/test/mock_life";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { moveOf } from "./event_words";

const server = mockedProgram();

const ADDRESS = "/customers/c_42";
const panel = async (name: string) => within(await screen.findByTestId(name));
const answering = (part: string, answer: object) =>
  server.use(http.get(`*/api/v1/customers/:customer/${part}`, () => HttpResponse.json(answer)));
const without = (permission: Schema["Permission"]) =>
  server.resetHandlers(
    ...handlers({ permissions: PERMISSIONS.filter((each) => each !== permission) }),
  );

describe("where a customer is in life", () => {
  it("says each audience, since when, until when, and leads to why", async () => {
    renderApp(ADDRESS);
    const life = await panel("memberships");
    expect(await life.findByRole("link", { name: "老客" })).toHaveAttribute("href", "/audiences/3");
    const [, , first, second] = life
      .getAllByRole("listitem")
      .filter(({ parentElement }) => parentElement?.tagName === "UL");
    expect(first).toHaveTextContent("自 2026-03-02 09:15到 2026-05-11 20:00");
    expect(second).toHaveTextContent("华东门店为什么一直如此没有新的行为就不会变");
    const why = new URL(
      life.getByRole("link", { name: "为什么在“老客”里" }).getAttribute("href") ?? "",
      "http://x",
    );
    expect(why.pathname).toBe("/audiences/ask");
    expect(Object.fromEntries(why.searchParams)).toEqual({
      rule: 'audience "老客"',
      person: "c_42",
    });
  });

  it("says the stage in every model, what comes then, and the way there", async () => {
    renderApp(ADDRESS);
    const life = await panel("memberships");
    expect(await life.findByRole("link", { name: "生命周期" })).toHaveAttribute(
      "href",
      "/lifecycle/models/lifecycle",
    );
    expect(life.getByText(/转为“衰退”/)).toBeInTheDocument();
    expect(life.getByText("不在任何阶段")).toBeInTheDocument();
    const way = await life.findByRole("img", { name: "生命周期：以前的阶段" });
    const stays = [...way.querySelectorAll("span")];
    expect(stays.map(({ title }) => title.split(" ")[0])).toEqual([
      "引流",
      "获客",
      "留存",
      "衰退",
      "留存",
    ]);
    // As long as it lasted: 17 days against 21.
    const [attract, acquire] = stays.map(({ style }) => Number(style.flexGrow));
    expect((acquire ?? 0) / (attract ?? 1)).toBeCloseTo(21.4167 / 16.9792, 2);
  });

  it("does not draw what the present stage is expected to last", async () => {
    const [model] = STAGES.models as [Schema["CustomerStages"]["models"][number]];
    const day = 86_400_000;
    const at = (days: number) => new Date(Date.now() + days * day).toISOString();
    const [present, before] = model.history as [
      (typeof model.history)[number],
      (typeof model.history)[number],
    ];
    answering("stages", {
      ...STAGES,
      models: [
        {
          ...model,
          history: [
            { ...present, from: at(-1), to: at(900) },
            { ...before, from: at(-2), to: at(-1) },
          ],
        },
      ],
    });
    renderApp(ADDRESS);
    const way = await screen.findByRole("img", { name: "生命周期：以前的阶段" });
    const [first, last] = [...way.querySelectorAll("span")].map(({ style }) =>
      Number(style.flexGrow),
    );
    expect((last ?? 0) / (first ?? 1)).toBeCloseTo(1, 2);
  });

  it("says what there is while there is nothing", async () => {
    answering("memberships", { ...MEMBERSHIPS, audiences: [], stages: [] });
    renderApp(ADDRESS);
    const life = await panel("memberships");
    expect(await life.findByText("此刻不在任何人群里。")).toBeInTheDocument();
    expect(life.getByText("没有启用的生命周期模型。")).toBeInTheDocument();
  });

  it("says that a test account is counted nowhere", async () => {
    answering("memberships", { ...MEMBERSHIPS, test_account: true });
    renderApp(ADDRESS);
    expect(await (await panel("memberships")).findByText(/测试账号：/)).toBeInTheDocument();
  });

  it("leads nowhere whoever may not see audiences", async () => {
    without("audiences.read");
    renderApp(ADDRESS);
    const life = await panel("memberships");
    expect(await life.findByText("老客")).toBeInTheDocument();
    expect(life.queryByRole("link")).toBeNull();
  });
});

describe("rhythm and value of a customer", () => {
  it("says the usual gap and the silence, and a probability beside its calibration", async () => {
    renderApp(ADDRESS);
    const rhythm = await panel("rhythm");
    expect(
      await rhythm.findByText("通常每 12 天买一次，已经 31 天没有买。", { exact: false }),
    ).toHaveTextContent("是平时间隔的 2.58 倍");
    expect(rhythm.getByText("62.7%")).toBeInTheDocument();
    expect(rhythm.getByRole("link", { name: "这个数准不准" })).toHaveAttribute(
      "href",
      "/lifecycle/rhythm#calibration",
    );
    expect(rhythm.getByText("90 天内 2.31 次")).toBeInTheDocument();
    expect(rhythm.getByText("¥1,834.20")).toBeInTheDocument();
  });

  it("marks nobody as overdue before their usual gap is over", async () => {
    answering("value", { ...VALUE_OF_ONE, silent_days: 5, overdue: 5 / 12 });
    renderApp(ADDRESS);
    expect(await (await panel("rhythm")).findByText(/已经 5 天没有买/)).not.toHaveTextContent("倍");
  });

  it("says why there is no probability", async () => {
    renderApp("/customers/new");
    const rhythm = await panel("rhythm");
    expect(await rhythm.findByText(/不足三次购买/)).toBeInTheDocument();
    expect(rhythm.getByText(/数据还不够/)).toBeInTheDocument();
    expect(rhythm.getByRole("link", { name: "看看差什么" })).toHaveAttribute(
      "href",
      "/lifecycle/rhythm",
    );
  });

  it("shows no probability to whoever cannot see how good it is", async () => {
    without("audiences.read");
    renderApp(ADDRESS);
    const rhythm = await panel("rhythm");
    expect(await rhythm.findByText(/通常每 12 天/)).toBeInTheDocument();
    expect(rhythm.queryByText("62.7%")).toBeNull();
  });
});

describe("moves in the history", () => {
  const event = (name: string, properties: Record<string, unknown>): Schema["Event"] => ({
    position: "7",
    event: name,
    time: "2026-03-02T01:15:00.000Z",
    arrived_at: "2026-03-02T01:15:00.000Z",
    source: "live",
    live: true,
    properties,
  });

  it("are said in words, with the audience and the stages by their names", async () => {
    answering("events", {
      events: [
        event("stage_changed", { model: "lifecycle", from: "", to: "retained" }),
        {
          ...event("audience_corrected", {
            audience: "老客",
            audience_id: 3,
            rule_version: 2,
            from: "in",
            to: "out",
          }),
          position: "8",
        },
      ],
      next: null,
    });
    renderApp(ADDRESS);
    const history = within(await screen.findByTestId("history"));
    expect(await history.findByRole("link", { name: "生命周期" })).toBeInTheDocument();
    const [changed, corrected] = history.getAllByRole("listitem");
    expect(changed).toHaveTextContent("不在任何阶段 → 留存");
    expect(corrected).toHaveTextContent("老客离开");
    expect(corrected).not.toHaveTextContent("rule_version");
  });

  it("are what the program recorded, nothing that looks like it", () => {
    expect(moveOf(event("audience_entered", { audience: "老客" }))).toBeNull();
    expect(moveOf(event("order_paid", { model: "x" }))).toBeNull();
    expect(moveOf(event("audience_entered", { audience: "老客", audience_id: 3 }))).toEqual({
      kind: "audience",
      id: 3,
      name: "老客",
      found: null,
    });
  });
});
