import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { GATES, NEVER_RUN, VALUE } from "@/test/value_fixtures";
import { ruleOf } from "./churn_bands";
import { policyDraftOf, policyOf } from "./policy_draft";

const server = mockedProgram();
const answers = (value: Schema["ValueRun"]) =>
  server.use(http.get("*/api/v1/lifecycle/value", () => HttpResponse.json(value)));

describe("the grid", () => {
  it("adds up the money scores, shows one alone, and opens the people of a cell", async () => {
    const { user, router } = renderApp("/lifecycle/rfm");
    const grid = await screen.findByTestId("grid");
    // 600/2 + 600/3 + 600/4 + 600/5 + 600/6
    expect(within(grid).getByRole("button", { name: "R5 F5：870 人" })).toBeEnabled();
    expect(within(grid).getByRole("button", { name: "R1 F5：0 人" })).toBeDisabled();
    await user.click(within(grid).getByRole("radio", { name: "M4" }));
    await user.click(within(grid).getByRole("button", { name: "R5 F5：120 人" }));
    expect(router.state.location.search).toBe("?money=4&r=5&f=5");
    const people = await screen.findByTestId("people_of");
    await user.click(within(people).getByRole("link", { name: "存为人群" }));
    expect(new URLSearchParams(router.state.location.search).get("rule")).toBe(
      "rfm_recency = 5 and rfm_frequency = 5 and rfm_money = 4",
    );
  });

  it("opens the people of a segment", async () => {
    const { user } = renderApp("/lifecycle/rfm");
    await user.click(await screen.findByRole("link", { name: "冠军客户" }));
    const people = await screen.findByTestId("people_of");
    expect(within(people).getByRole("link", { name: "在客户列表中看" })).toHaveAttribute(
      "href",
      `/customers?${new URLSearchParams({ rule: 'rfm_segment = "champions"' })}`,
    );
  });

  it("shows what another policy would come to before it is saved", async () => {
    const saved: unknown[] = [];
    server.use(
      http.put("*/api/v1/lifecycle/rfm", async ({ request }) => {
        saved.push(await request.clone().json());
      }),
    );
    const { user } = renderApp("/lifecycle/rfm");
    await user.click(await screen.findByRole("button", { name: "网格怎么分" }));
    const dialog = within(screen.getByRole("dialog"));
    expect(await dialog.findByText("没有人会换分群。")).toBeInTheDocument();
    await user.click(dialog.getByRole("radio", { name: "自定分界" }));
    expect(await dialog.findByText(/210 人会换分群/)).toBeInTheDocument();
    expect(dialog.getByText("忠诚客户 → 有流失风险 210")).toBeInTheDocument();
    const recency = dialog.getByRole("textbox", { name: /距今天数/ });
    // Own cuts begin with those that are used.
    expect(recency).toHaveValue("12, 40, 91, 180");
    await user.clear(recency);
    await user.type(recency, "30, 20, 60, 90");
    expect(dialog.getByRole("alert")).toHaveTextContent("分界须为四个递增的数");
    expect(dialog.getByRole("button", { name: "保存" })).toBeDisabled();
    await user.clear(recency);
    await user.type(recency, "10，20，60，90");
    await user.click(dialog.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(saved[0]).toMatchObject({
      policy: {
        by: "cuts",
        recency: [10, 20, 60, 90],
        money: ["88.00", "210.00", "455.50", "1200.00"],
      },
    });
  });

  it("keeps the table of segments of the policy before", () => {
    const segments = [{ key: "all", recency: [1, 5], frequency: [1, 5], money: [1, 5] }];
    const before: Schema["RfmPolicy"] = { by: "quantile", window_days: 90, segments };
    const rfm = { policy: before, cuts: null, customers: 1, at: null, grid: [], segments: [] };
    const draft = policyDraftOf(rfm);
    expect(draft.window_days).toBe("90");
    expect(policyOf({ ...draft, window_days: "" }, before)).toEqual({
      by: "quantile",
      event: "order_paid",
      amount: "amount",
      segments,
    });
    expect(policyOf({ ...draft, window_days: "0" }, before)).toBeNull();
  });

  it("says what to do while there is nobody to score", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    renderApp("/lifecycle/rfm");
    expect(await screen.findByText("还没有可打分的客户")).toBeInTheDocument();
  });
});

describe("rhythm and churn", () => {
  it("says in words what was fitted, with the parameters behind it", async () => {
    renderApp("/lifecycle/rhythm");
    const fitted = await screen.findByTestId("fitted");
    // 7 × alpha / r, a / (a + b), p × v / (q − 1)
    expect(fitted).toHaveTextContent("平均每 127 天买一次");
    expect(fitted).toHaveTextContent("有 24.6% 的人不再回来");
    expect(fitted).toHaveTextContent("平均 ¥35.22");
    const [alpha] = within(fitted)
      .getAllByRole("row")
      .filter((row) => row.textContent?.includes("alpha"));
    expect(alpha).toHaveTextContent("4.4136");
    expect(alpha).toHaveTextContent("0.378");
  });

  it("shows no probability without its calibration one click away", async () => {
    const { user, router } = renderApp("/lifecycle/rhythm");
    const churn = await screen.findByTestId("churn");
    expect(churn).toHaveTextContent("66% – 100%5,330");
    await user.click(within(churn).getByRole("link", { name: "这个概率有多准？" }));
    expect(router.state.location.hash).toBe("#calibration");
    const calibration = screen.getByTestId("calibration");
    // 6214 expected of 6254.
    expect(calibration).toHaveTextContent(/预计 6,214 单，实际 6,2\d\d 单/);
    expect(calibration).toHaveTextContent("AUC 0.861");
    const points = within(calibration).getByRole("img", { name: "预计会买与真正买了" });
    expect(points.querySelectorAll("circle")).toHaveLength(9);
  });

  it("opens the people of a band by the rule that says the same", () => {
    expect(ruleOf(0, 0.33)).toBe("p_alive > 0.67");
    expect(ruleOf(0.33, 0.66)).toBe("p_alive > 0.34 and p_alive <= 0.67");
    expect(ruleOf(0.66, 1)).toBe("p_alive <= 0.34");
  });

  it("says what is missing and shows no probability while there is not enough data", async () => {
    const [first, ...others] = GATES;
    answers({
      ...NEVER_RUN,
      state: "not_enough_data",
      gates: [{ key: "customers", ok: false, have: 212, want: 500 }, ...others],
    });
    renderApp("/lifecycle/rhythm");
    const gates = await screen.findByTestId("gates");
    expect(first?.key).toBe("customers");
    expect(within(gates).getByRole("progressbar", { name: "买过的客户" })).toHaveAttribute(
      "value",
      "212",
    );
    expect(gates).toHaveTextContent("212 / 500");
    expect(screen.queryByTestId("churn")).toBeNull();
  });

  it("says in words why a fit is refused", async () => {
    const refused = { converged: false, fault: "stats.at_bound", parameter: "alpha" } as const;
    answers({
      ...VALUE,
      state: "bad_fit",
      model: null,
      calibration: null,
      bgnbd: VALUE.bgnbd && { ...VALUE.bgnbd, ...refused, standard_errors: null },
      mbgnbd: VALUE.mbgnbd && { ...VALUE.mbgnbd, ...refused, standard_errors: null },
    });
    renderApp("/lifecycle/rhythm");
    const bad = await screen.findByTestId("bad_fit");
    expect(within(bad).getAllByRole("listitem")).toHaveLength(1);
    expect(bad).toHaveTextContent("参数 alpha 趋于无穷或零");
    expect(screen.queryByTestId("churn")).toBeNull();
  });

  it("is run when somebody asks, and says so while it is", async () => {
    let running = false;
    server.use(
      http.post("*/api/v1/lifecycle/value/run", () => {
        running = true;
        return HttpResponse.json({ running }, { status: 202 });
      }),
      http.get("*/api/v1/lifecycle/value", () => HttpResponse.json({ ...NEVER_RUN, running })),
    );
    const { user } = renderApp("/lifecycle/rhythm");
    expect(await screen.findByText("还没有算过")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "立即重算" }));
    expect(await screen.findByRole("button", { name: /正在算/ })).toBeInTheDocument();
  });
});

describe("keep or let go", () => {
  it("asks with what stands in the address, and lists who is worth it", async () => {
    const asked: string[] = [];
    server.use(
      http.get("*/api/v1/lifecycle/value/win_back", ({ request }) => {
        asked.push(new URL(request.url).search);
      }),
    );
    const { user, router } = renderApp("/lifecycle/win-back?cost=12&margin=35");
    const answer = await screen.findByTestId("answer");
    expect(await within(answer).findByText("1,240")).toBeInTheDocument();
    expect(within(answer).getByText("¥48,210.50")).toBeInTheDocument();
    expect(within(answer).getByRole("link", { name: "李雷" })).toHaveAttribute(
      "href",
      "/customers/c_40",
    );
    expect(within(answer).getByRole("link", { name: "这个概率有多准？" })).toBeInTheDocument();
    const first = new URLSearchParams(asked[0]);
    expect([
      first.get("cost"),
      first.get("margin"),
      first.get("days"),
      first.get("success"),
    ]).toEqual(["12.00", "0.35", "90", "0.1"]);
    const cost = screen.getByRole("textbox", { name: /花费/ });
    await user.clear(cost);
    expect(screen.getByRole("alert")).toHaveTextContent("花费须大于 0");
    await user.type(cost, "25.5");
    expect(new URLSearchParams(router.state.location.search).get("cost")).toBe("25.5");
    await waitFor(() => expect(new URLSearchParams(asked.at(-1)).get("cost")).toBe("25.50"));
  });

  it("leads to why while nothing is known of anybody's value", async () => {
    answers(NEVER_RUN);
    renderApp("/lifecycle/win-back");
    expect(await screen.findByText("现在还不能判断")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "看为什么" })).toHaveAttribute(
      "href",
      "/lifecycle/rhythm",
    );
  });
});
