import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { HEALTH, MEMORY } from "@/test/mock_workspace";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { dayAfter } from "@/text/days";
import { FIGURES } from "./figures";

const server = mockedProgram();

// Every count is 40 at a moment of the past and 50 now.
function countFiftyNow(asked: Schema["CountQuestion"][] = []) {
  server.use(
    http.post("*/api/v1/rules/count", async ({ request }) => {
      const question = (await request.json()) as Schema["CountQuestion"];
      asked.push(question);
      return HttpResponse.json({
        count: question.at ? 40 : 50,
        at: question.at ?? "2026-03-05T00:00:00.000Z",
        warnings: [],
        position: "12",
        fresh: true,
      });
    }),
  );
  return asked;
}

describe("the morning page", () => {
  it("shows each figure with its change, its sentence and its people", async () => {
    const asked = countFiftyNow();
    renderApp("/");
    for (const { name, rule, period_days } of FIGURES) {
      const card = within(await screen.findByTestId(name));
      const number = await card.findByRole("link", { name: "50" });
      expect(new URLSearchParams(number.getAttribute("href")?.split("?")[1]).get("rule")).toBe(
        rule,
      );
      expect(await card.findByText(`较 ${period_days} 天前 +25%`)).toBeInTheDocument();
    }
    expect(asked).toContainEqual({
      rule: "not held(everyone, 7d)",
      at: "2026-02-26T00:00:00.000Z",
    });
  });

  it("shows figures first, then the past of each and the trend", async () => {
    const order: string[] = [];
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    server.use(
      http.post("*/api/v1/rules/count", async ({ request }) => {
        const { rule, at } = (await request.json()) as Schema["CountQuestion"];
        order.push(at === undefined ? "now" : at.endsWith("Z") ? "before" : "trend");
        if (at?.endsWith("Z") && rule === "everyone") await held;
        const answered = at ?? "2026-03-05T00:00:00.000Z";
        const rest = { warnings: [], position: "12", fresh: true };
        return HttpResponse.json({ count: 50, at: answered, ...rest });
      }),
    );
    renderApp("/");
    const card = within(await screen.findByTestId("customers"));
    expect(await card.findByRole("link", { name: "50" })).toBeInTheDocument();
    expect(card.queryByText(/较 30 天前/)).toBeNull();
    answer();
    expect(await card.findByText(/较 30 天前/)).toBeInTheDocument();
    await waitFor(() => expect(order).toContain("trend"));
    expect(order.slice(0, 5)).toEqual(["now", "now", "now", "now", "now"]);
  });

  it("draws thirty days, the last one unfinished, and says them as a table", async () => {
    const asked = countFiftyNow();
    const { user, search } = renderApp("/?trend=bought");
    const trend = within(await screen.findByTestId("trend"));
    const picture = await trend.findByRole("img");
    const drawn = () =>
      [...picture.querySelectorAll("rect")].map(({ dataset }) => dataset.unfinished);
    await waitFor(() => expect(drawn()).toEqual([...Array(29).fill("false"), "true"]));
    const ofTrend = asked.filter(({ at }) => at === undefined || at.endsWith("T00:00"));
    expect(ofTrend.filter(({ rule }) => rule === "did order_paid in last 30d")).toHaveLength(31);
    expect(trend.getAllByRole("row")).toHaveLength(31);
    await user.click(trend.getAllByRole("link", { name: "40" })[0] as HTMLElement);
    expect(search().get("at")).toMatch(/^\d{4}-\d\d-\d\dT00:00$/);
    expect(search().get("rule")).toBe("did order_paid in last 30d");
  });

  it("adds up thirty days of revenue, held against the thirty before", async () => {
    const { user, search } = renderApp("/");
    const revenue = within(await screen.findByTestId("revenue"));
    // 300 + 310 + … + 590, less 5 a day; before: 0 + 10 + … + 290.
    expect(await revenue.findByTestId("net")).toHaveTextContent("¥13,200.00");
    expect(revenue.getByText("¥13,350.00")).toBeInTheDocument();
    expect(revenue.getByText("较前 30 天 +214.3%")).toBeInTheDocument();
    const rows = revenue.getAllByRole("row");
    expect(rows).toHaveLength(31);
    expect(rows[1]).toHaveTextContent("至今");
    await user.click(revenue.getByRole("link", { name: "58" }));
    // A day of the calendar, however many hours it has.
    const [, day = ""] = /^did order_paid since (.*)$/.exec(search().get("rule") ?? "") ?? [];
    expect(search().get("at")).toBe(`${dayAfter(day)}T00:00`);
  });

  it("shows refunds of days on which nobody has paid", async () => {
    server.use(
      http.get("*/api/v1/revenue", () =>
        HttpResponse.json({ periods: [refundedOnly], position: "12", fresh: true }),
      ),
    );
    const refundedOnly: Schema["Revenue"]["periods"][number] = {
      from: "2026-03-04T16:00:00.000Z",
      to: "2026-03-05T16:00:00.000Z",
      finished: true,
      payments: 0,
      paid: "0.00",
      refunded: "5.00",
      net: "-5.00",
    };
    renderApp("/");
    const revenue = within(await screen.findByTestId("revenue"));
    expect(await revenue.findByTestId("net")).toHaveTextContent("5.00");
  });

  it("says nothing of revenue where nobody has paid", async () => {
    server.use(
      http.get("*/api/v1/revenue", () =>
        HttpResponse.json({ periods: [], position: "12", fresh: true }),
      ),
    );
    renderApp("/");
    expect(await screen.findByTestId("customers")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByTestId("revenue")).toBeNull());
  });

  it("keeps the chosen figure in the address", async () => {
    const { user, search } = renderApp("/");
    const trend = within(await screen.findByTestId("trend"));
    await user.click(trend.getByText("复购客户"));
    expect(search().get("trend")).toBe("bought_again");
  });

  it("tells of imports and of a memory that is behind", async () => {
    server.use(
      http.get("*/api/v1/health", () => HttpResponse.json({ ...HEALTH, position: "4000112" })),
    );
    renderApp("/");
    const imports = within(await screen.findByTestId("imports"));
    expect(await imports.findByRole("link", { name: "orders-2026-02.csv" })).toHaveAttribute(
      "href",
      "/customers/import/9",
    );
    expect(imports.getByText("进行中")).toBeInTheDocument();
    expect(imports.getByText(/17 行未导入/)).toBeInTheDocument();
    expect(await screen.findByText(/数字落后 100 条/)).toBeInTheDocument();
  });

  it("says when all is up to date, and when that cannot be known", async () => {
    renderApp("/");
    expect(await screen.findByText("数字是最新的")).toBeInTheDocument();
    expect(screen.getByTestId("system")).toHaveTextContent(
      `${MEMORY.persons.toLocaleString("en")} 位客户`,
    );
  });

  it("shows nothing one may not read", async () => {
    server.resetHandlers(...handlers({ permissions: ["audiences.read"] }));
    renderApp("/");
    expect(await screen.findByTestId("customers")).toBeInTheDocument();
    expect(screen.queryByTestId("imports")).toBeNull();
    expect(screen.queryByTestId("system")).toBeNull();
  });

  it("says of each figure that could not be asked what happened, and asks again", async () => {
    let lost = true;
    server.use(
      http.post("*/api/v1/rules/count", () =>
        lost
          ? HttpResponse.error()
          : HttpResponse.json({
              count: 7,
              at: "2026-03-05T00:00:00.000Z",
              warnings: [],
              position: "1",
              fresh: true,
            }),
      ),
    );
    const { user } = renderApp("/");
    const card = within(await screen.findByTestId("bought"));
    expect(await card.findByRole("alert")).toHaveTextContent("连不上服务器");
    lost = false;
    await user.click(card.getByRole("button", { name: "再试一次" }));
    expect(await card.findByRole("link", { name: "7" })).toBeInTheDocument();
  });

  it("leads a newcomer to their first import", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    renderApp("/");
    expect(await screen.findByText("从这里开始")).toBeInTheDocument();
    expect(screen.queryByText(/siyu import/)).toBeNull();
    expect(screen.getByTestId("start_import")).toHaveAttribute("href", "/customers/import");
    expect(screen.queryByTestId("trend")).toBeNull();
  });
});
