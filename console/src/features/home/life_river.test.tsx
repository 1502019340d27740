import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { LIFE } from "@/test/mock_lifecycle";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const { versions: _, warnings: __, ...ROW } = LIFE;
const panel = async () => within(await screen.findByTestId("river_panel"));
const models = (answer: object[]) =>
  server.use(http.get("*/api/v1/lifecycle/models", () => HttpResponse.json({ models: answer })));
const flows = (answer: object[]) =>
  server.use(
    http.get("*/api/v1/lifecycle/models/:key/flows", ({ request }) => {
      const { from, to } = Object.fromEntries(new URL(request.url).searchParams);
      return HttpResponse.json({ from, to, stages_from: [], stages_to: [], flows: answer });
    }),
  );

describe("the river on the morning page", () => {
  it("is of the first active model over seven days, and a flow opens its people", async () => {
    const asked: URLSearchParams[] = [];
    models([{ ...ROW, key: "asleep", active: false }, ROW]);
    server.use(
      http.get("*/api/v1/lifecycle/models/lifecycle/flows", ({ request }) => {
        asked.push(new URL(request.url).searchParams);
      }),
    );
    const { user, router, search } = renderApp("/");
    const river = await panel();
    expect(await river.findByRole("link", { name: "打开生命周期" })).toHaveAttribute(
      "href",
      "/lifecycle/models/lifecycle",
    );
    const table = within(await river.findByRole("table"));
    expect(asked).toHaveLength(1);
    const [{ from = "", to = "" } = {}] = asked.map((each) => Object.fromEntries(each));
    expect(from).toMatch(/^\d{4}-\d\d-\d\dT00:00$/);
    const days = (Date.parse(to) - Date.parse(`${from}+08:00`)) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(7);
    expect(days).toBeLessThan(8);

    const [flow] = table.getAllByRole("button");
    await user.click(flow as HTMLElement);
    await waitFor(() => expect(router.state.location.pathname).toBe("/lifecycle/models/lifecycle"));
    expect(search().get("from")).toBe(from.slice(0, 10));
    expect(search().get("stage_from")).not.toBeNull();
    expect(search().get("stage_to")).not.toBeNull();
  });

  it("is not there while no model is active", async () => {
    models([{ ...ROW, active: false }]);
    renderApp("/");
    await screen.findByTestId("trend");
    await waitFor(() => expect(screen.queryByTestId("river_panel")).toBeNull());
  });

  it("says so while nobody is in a stage, and while nobody moves", async () => {
    flows([{ from: "", to: "", customers: 12 }]);
    renderApp("/");
    expect(await (await panel()).findByText(/还没有人在任何阶段里/)).toBeInTheDocument();
  });

  it("is drawn also where nobody has moved", async () => {
    flows([{ from: "retained", to: "retained", customers: 12 }]);
    renderApp("/");
    expect(await (await panel()).findByText(/没有人换过阶段/)).toBeInTheDocument();
    expect((await panel()).getByTestId("river")).toBeInTheDocument();
  });
});
