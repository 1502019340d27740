import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { handlers } from "@/test/mock_api";
import { LIFE } from "@/test/mock_lifecycle";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();

const someoneElse = (change: Partial<Schema["LifecycleModelChange"]>) =>
  fetch(new URL("/api/v1/lifecycle/models/lifecycle", document.baseURI), {
    method: "PUT",
    headers: { "X-CSRF-Token": "token-of-the-session", "Content-Type": "application/json" },
    body: JSON.stringify({ version: LIFE.version, ...change }),
  });
const sent: { method: string; path: string; body: unknown }[] = [];
// Every change that is asked for; the pretended program answers as ever.
const record = (method: "put" | "post", path: string) =>
  server.use(
    http[method](`*/api/v1${path}`, async ({ request }) => {
      sent.push({ method, path, body: await request.clone().json() });
    }),
  );
const model = () => screen.findByTestId("model");

beforeEach(() => {
  sent.length = 0;
});

describe("the list of models", () => {
  it("shows each with its stages, and leads to the people of one", async () => {
    const { user, router } = renderApp("/lifecycle");
    const [life, trial] = within(await screen.findByTestId("models")).getAllByRole("article");
    expect(life).toHaveTextContent("流失 6,480");
    expect(life).toHaveTextContent("不在任何阶段 12,400");
    expect(trial).toHaveTextContent("免费试用");
    await user.click(within(life as HTMLElement).getByRole("link", { name: /流失/ }));
    expect(router.state.location.search).toBe("?stage=lost");
    expect(await screen.findByTestId("people_of")).toHaveTextContent("现在在“流失”的人");
  });

  it("says that a paused model is not counted", async () => {
    server.use(
      http.get("*/api/v1/lifecycle/models", () =>
        HttpResponse.json({
          models: [
            {
              ...LIFE,
              active: false,
              none: null,
              stages: LIFE.stages.map((stage) => ({ ...stage, customers: null })),
            },
          ],
          at: LIFE.at,
          position: "1",
          fresh: true,
        }),
      ),
    );
    renderApp("/lifecycle");
    const models = await screen.findByTestId("models");
    expect(models).toHaveTextContent("停用的模型不计数。");
    expect(models).not.toHaveTextContent("0");
  });

  it("begins with the next step while there is none", async () => {
    server.resetHandlers(...handlers({ empty: true }));
    const { user, router } = renderApp("/lifecycle");
    await screen.findByText("还没有生命周期模型");
    await user.click(screen.getAllByRole("button", { name: "新建模型" })[1] as HTMLElement);
    expect(router.state.location.pathname).toBe("/lifecycle/new");
  });
});

describe("a model", () => {
  it("shows its stages in words with their share and how long people stay", async () => {
    renderApp("/lifecycle/models/lifecycle");
    const stages = within(await screen.findByTestId("stages")).getAllByRole("listitem");
    expect(stages).toHaveLength(5);
    const [first, , third] = stages;
    expect(first).toHaveTextContent("已经认识品牌，还没有付过款。");
    expect(third).toHaveTextContent("4,210");
    expect(third).toHaveTextContent("13.1%");
    await waitFor(() => expect(third).toHaveTextContent("过去 90 天“支付”至少 3 次"));
    await waitFor(() => expect(third).toHaveTextContent("已在此阶段（中位数）52 天"));
  });

  it("opens the people of a stage, with the rule that says the same", async () => {
    const { user, router } = renderApp("/lifecycle/models/lifecycle");
    await user.click(await screen.findByRole("link", { name: "3,120" }));
    const people = await screen.findByTestId("people_of");
    await within(people).findByText(/50 .*3,120/);
    expect(within(people).getAllByRole("link", { name: /CDNOW/ })).toHaveLength(50);
    await user.click(within(people).getByRole("link", { name: "存为人群" }));
    expect(router.state.location.pathname).toBe("/audiences/new");
    expect(new URLSearchParams(router.state.location.search).get("rule")).toBe(
      'stage "lifecycle" = "declining"',
    );
  });

  it("opens the people of a flow between the two dates of the address", async () => {
    const asked: string[] = [];
    server.use(
      http.get("*/api/v1/lifecycle/models/:key/flows/people", ({ request }) => {
        asked.push(new URL(request.url).search);
      }),
    );
    const { user, router } = renderApp("/lifecycle/models/lifecycle?from=2026-11-01&to=2026-11-11");
    const river = await screen.findByTestId("river");
    await user.click(
      within(river).getByRole("button", { name: "从衰退到流失的 1,530 人", hidden: true }),
    );
    expect(router.state.location.search).toContain("stage_from=declining&stage_to=lost");
    const people = await screen.findByTestId("people_of");
    await within(people).findByText(/1,530/);
    // A flow is no rule: nothing is offered that would be other people.
    expect(within(people).queryByRole("link", { name: "存为人群" })).toBeNull();
    const search = new URLSearchParams(asked[0]);
    expect(search.get("from")).toBe("2026-11-01T00:00");
    expect(search.get("to")).toBe("2026-11-11T00:00");
    await user.click(within(people).getByRole("button", { name: "关闭" }));
    expect(router.state.location.search).toBe("?from=2026-11-01&to=2026-11-11");
  });

  it("keeps the dates that are dragged in its address, and asks for their flows", async () => {
    const asked: string[] = [];
    server.use(
      http.get("*/api/v1/lifecycle/models/:key/flows", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("from") ?? "");
      }),
    );
    const { user, router } = renderApp("/lifecycle/models/lifecycle");
    const [from] = await screen.findAllByRole("slider");
    const before = from?.getAttribute("aria-valuetext") ?? "";
    from?.focus();
    await user.keyboard("{ArrowLeft}");
    const after = from?.getAttribute("aria-valuetext") ?? "";
    expect(Date.parse(before) - Date.parse(after)).toBe(86_400_000);
    expect(router.state.location.search).toBe(`?from=${after}`);
    await waitFor(() => expect(asked.at(-1)).toBe(`${after}T00:00`));
  });

  it("begins the river at a day of the pulse", async () => {
    const { user, router } = renderApp("/lifecycle/models/lifecycle");
    const pulse = await screen.findByTestId("pulse");
    const picture = await within(pulse).findByRole("img");
    await waitFor(() => expect(picture.querySelectorAll("g[data-day]")).toHaveLength(30));
    expect(picture.querySelectorAll("rect[data-unfinished]")).toHaveLength(1);
    // Without a width the columns stand within one pixel.
    const left = Number(picture.querySelector("line")?.getAttribute("x1"));
    await user.pointer({
      keys: "[MouseLeft]",
      target: picture,
      coords: { clientX: left + 0.5, clientY: 100 },
    });
    await waitFor(() => expect(router.state.location.search).toMatch(/^\?from=\d{4}-\d{2}-\d{2}$/));
  });

  it("says which rules it is used by when it cannot be deleted", async () => {
    const { user } = renderApp("/lifecycle/models/lifecycle");
    await model();
    await user.click(screen.getByRole("button", { name: "删除" }));
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "删除" }));
    expect(await dialog.findByText(/老客/)).toBeInTheDocument();
  });

  it("brings an older version back as a new one", async () => {
    record("put", "/lifecycle/models/lifecycle");
    const { user } = renderApp("/lifecycle/models/lifecycle");
    await model();
    await user.click(screen.getByRole("button", { name: "恢复这一版" }));
    await user.click(
      within(screen.getByRole("dialog")).getByRole("button", { name: "恢复这一版" }),
    );
    await waitFor(() => expect(sent).toHaveLength(1));
    const body = sent[0]?.body as Schema["LifecycleModelChange"];
    expect(body.version).toBe(3);
    expect(body.stages?.map(({ key }) => key)).toEqual(LIFE.stages.map(({ key }) => key));
  });
});

describe("editing a model", () => {
  const rows = async () => within(await screen.findByTestId("stage_rows")).getAllByRole("listitem");
  const save = () => screen.getByRole("button", { name: "保存" });

  it("moves stages by keys, and shows who would move before it is saved", async () => {
    record("put", "/lifecycle/models/lifecycle");
    const { user, router } = renderApp("/lifecycle/models/lifecycle/edit");
    await rows();
    expect(save()).toBeDisabled();
    screen.getByRole("button", { name: "移动“引流”" }).focus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByText("“引流”现在是第 2 个，共 5 个")).toBeInTheDocument();
    await user.click(save());
    const dialog = within(screen.getByRole("dialog"));
    expect(await dialog.findByText("430 人会换阶段：")).toBeInTheDocument();
    expect(sent).toHaveLength(0);
    await user.click(dialog.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/lifecycle/models/lifecycle"));
    const body = sent[0]?.body as Schema["LifecycleModelChange"];
    expect(Object.keys(body).sort()).toEqual(["stages", "version"]);
    expect(body.stages?.map(({ key }) => key).slice(0, 2)).toEqual(["acquired", "attracted"]);
  });

  it("saves a name without asking: it moves nobody", async () => {
    record("put", "/lifecycle/models/lifecycle");
    const { user } = renderApp("/lifecycle/models/lifecycle/edit");
    await rows();
    await user.type(screen.getAllByRole("textbox", { name: "英文名称" })[0] as HTMLElement, "!");
    await user.click(save());
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({ version: 3, label: { zh: "生命周期", en: "Lifecycle!" } });
  });

  it("says what keeps a stage from being saved", async () => {
    const { user } = renderApp("/lifecycle/models/lifecycle/edit");
    await rows();
    await user.click(screen.getByRole("button", { name: "＋ 阶段" }));
    const last = within((await rows()).at(-1) as HTMLElement);
    expect(last.getByText("请填写中文和英文名称")).toBeInTheDocument();
    await user.type(last.getByRole("textbox", { name: "中文名称" }), "新客");
    await user.type(last.getByRole("textbox", { name: "英文名称" }), "Newcomers");
    expect(last.getByText("请写规则：谁在这个阶段")).toBeInTheDocument();
    const key = last.getByRole("textbox", { name: "代号" });
    await user.clear(key);
    await user.type(key, "new");
    expect(last.getByText(/代号须以小写字母开头/)).toBeInTheDocument();
    expect(save()).toBeDisabled();
    await user.click(last.getByRole("button", { name: "移除" }));
    expect(await rows()).toHaveLength(5);
  });

  it("warns before saving of a rule that is true of everybody", async () => {
    const { user } = renderApp("/lifecycle/models/lifecycle/edit");
    const [first] = await rows();
    await user.click(within(first as HTMLElement).getByRole("button", { name: "改规则" }));
    const words = within(first as HTMLElement).getByRole("combobox", { name: "规则" });
    await user.clear(words);
    await user.type(words, "everyone");
    expect(await within(first as HTMLElement).findByText(/文字说明还是原来的/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "看看谁会动" }));
    expect(await screen.findByText("“引流”的规则对所有人始终成立。")).toBeInTheDocument();
  });

  it("shows whoever saves second what the other has saved, and loses nothing", async () => {
    const { user, router } = renderApp("/lifecycle/models/lifecycle/edit");
    await rows();
    await user.type(screen.getAllByRole("textbox", { name: "中文名称" })[0] as HTMLElement, "二");
    expect((await someoneElse({ label: { zh: "一生", en: "Life" } })).ok).toBe(true);
    await user.click(save());
    await screen.findByTestId("conflict");
    await user.click(screen.getByRole("button", { name: /我的/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/lifecycle/models/lifecycle"));
    expect(await screen.findByRole("heading", { name: "生命周期二" })).toBeInTheDocument();
  });

  it("makes a new one", async () => {
    record("post", "/lifecycle/models");
    const { user, router } = renderApp("/lifecycle/new");
    const [name] = await screen.findAllByRole("textbox", { name: "中文名称" });
    await user.type(name as HTMLElement, "会员");
    await user.type(
      screen.getAllByRole("textbox", { name: "英文名称" })[0] as HTMLElement,
      "Members",
    );
    await user.type(screen.getAllByRole("textbox", { name: "代号" })[0] as HTMLElement, "members");
    const row = within((await rows())[0] as HTMLElement);
    await user.type(row.getByRole("textbox", { name: "中文名称" }), "入会");
    await user.type(row.getByRole("textbox", { name: "英文名称" }), "Joined");
    await user.type(row.getByRole("combobox", { name: "规则" }), "did order_paid");
    await waitFor(() => expect(save()).toBeEnabled());
    await user.click(save());
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/lifecycle/models/members"));
    expect(sent[0]?.body).toMatchObject({ stages: [{ key: "stage_1", rule: "did order_paid" }] });
  });
});
