import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { handlers } from "@/test/mock_api";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { placeFrom } from "./stores_page";

const server = mockedProgram();
const written: { method: string; path: string; body: unknown }[] = [];
beforeAll(() => {
  server.events.on("request:start", async ({ request }) => {
    if (request.method === "GET") return;
    const path = new URL(request.url).pathname.replace("/api/v1", "");
    written.push({ method: request.method, path, body: await request.clone().json() });
  });
});
beforeEach(() => {
  written.length = 0;
});

const dialog = async () => within(await screen.findByRole("dialog"));
const rowOf = async (text: string) =>
  within((await screen.findByText(text)).closest("tr") as HTMLElement);

describe("brand accounts", () => {
  it("are entered and closed", async () => {
    const { user } = renderApp("/settings/accounts");
    await user.click(await screen.findByRole("button", { name: "添加账号" }));
    const form = await dialog();
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findAllByText("请填写。")).toHaveLength(2);
    await user.selectOptions(form.getByLabelText("类型"), "wecom");
    await user.type(form.getByLabelText("名称"), "山间茶企微");
    await user.type(form.getByLabelText("渠道标识"), "ww01");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written).toEqual([
        {
          method: "POST",
          path: "/accounts",
          body: { kind: "wecom", name: "山间茶企微", external_id: "ww01" },
        },
      ]),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click((await rowOf("山间茶")).getByRole("button", { name: "修改" }));
    await user.selectOptions((await dialog()).getByLabelText("状态"), "closed");
    await user.click((await dialog()).getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[1]).toMatchObject({
        method: "PATCH",
        path: "/accounts/11",
        body: { state: "closed", external_id: "wx0123456789abcdef" },
      }),
    );
  });

  it("are only read by who may not change them", async () => {
    server.resetHandlers(...handlers({ permissions: ["accounts.read"] }));
    for (const [path, shown] of [
      ["accounts", "公众号"],
      ["stores", "西湖店"],
      ["staff", "林芳"],
    ]) {
      renderApp(`/settings/${path}`);
      expect((await screen.findAllByText(shown as string)).length).toBeGreaterThan(0);
      expect(screen.queryByRole("button", { name: /添加/ })).toBeNull();
      expect(screen.queryByRole("button", { name: "修改" })).toBeNull();
      cleanup();
    }
  });
});

describe("stores", () => {
  it("have a place as maps show it", () => {
    expect(placeFrom("30.259244, 120.130663")).toEqual({
      latitude: 30.259244,
      longitude: 120.130663,
    });
    expect(placeFrom("-33.8，151.2")).toEqual({ latitude: -33.8, longitude: 151.2 });
    expect(placeFrom(" ")).toBeUndefined();
    expect(placeFrom("杭州")).toBeNull();
  });

  it("are found, and lose their place when it is wiped out", async () => {
    const { user } = renderApp("/settings/stores");
    await screen.findByText("滨江店");
    await user.type(screen.getByRole("searchbox"), "hz01");
    await waitFor(() => expect(screen.queryByText("滨江店")).toBeNull());
    await user.click((await rowOf("西湖店")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    const place = form.getByLabelText("纬度、经度");
    expect(place).toHaveValue("30.259244, 120.130663");
    await user.clear(place);
    await user.type(place, "here");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText(/请写纬度和经度/)).toBeInTheDocument();
    await user.clear(place);
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toMatchObject({
        method: "PATCH",
        path: "/stores/21",
        body: { without_place: true, code: "HZ01" },
      }),
    );
    expect(written[0]?.body).not.toHaveProperty("latitude");
  });
});

describe("staff", () => {
  it("keep a phone nobody has written anew, and leave", async () => {
    const { user } = renderApp("/settings/staff");
    const row = await rowOf("林芳");
    expect(row.getByText("138****8000")).toBeInTheDocument();
    expect(await row.findByText(/西湖店/)).toBeInTheDocument();
    await user.click(row.getByRole("button", { name: "修改" }));
    const form = await dialog();
    await user.click(await form.findByRole("checkbox", { name: "滨江店" }));
    await user.selectOptions(form.getByLabelText("状态"), "left");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toEqual({
        method: "PATCH",
        path: "/staff/31",
        body: { number: "007", name: "林芳", stores: [21], state: "left" },
      }),
    );
  });
});

describe("what a user sees", () => {
  it("needs a member of staff, unless it is everybody", async () => {
    const { user } = renderApp("/settings/users");
    await user.click((await rowOf("李娜")).getByRole("button", { name: "修改" }));
    const form = await dialog();
    const staff = form.getByLabelText("对应员工");
    await within(staff).findByRole("option", { name: "林芳 007" });
    expect(within(staff).queryByRole("option", { name: /周涛/ })).toBeNull();
    await user.selectOptions(form.getByLabelText("可见范围"), "own");
    await user.selectOptions(staff, "");
    await user.click(form.getByRole("button", { name: "保存" }));
    expect(await form.findByText("请选择员工。")).toBeInTheDocument();
    await user.selectOptions(staff, "31");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toMatchObject({ path: "/users/2", body: { scope: "own", staff: 31 } }),
    );
  });
});
