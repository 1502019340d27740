import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { PERMISSIONS, SESSION } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { AUDIT, EVENT_TYPES, SETTINGS } from "@/test/mock_settings";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram();
const written: { method: string; path: string; body: unknown }[] = [];
beforeAll(() => {
  server.events.on("request:start", async ({ request }) => {
    if (request.method === "GET") return;
    const { pathname } = new URL(request.url);
    const text = await request.clone().text();
    written.push({
      method: request.method,
      path: pathname.replace("/api/v1", ""),
      body: text === "" ? null : JSON.parse(text),
    });
  });
});
beforeEach(() => {
  written.length = 0;
});

const dialog = async () => within(await screen.findByRole("dialog"));

describe("the settings", () => {
  it("lead to the parts one may open, and only those", async () => {
    server.resetHandlers(...handlers({ permissions: ["customers.read", "settings.read"] }));
    renderApp("/settings");
    await screen.findByRole("heading", { name: "设置" });
    const main = within(screen.getByRole("main"));
    expect(main.getByRole("link", { name: /工作区/ })).toBeInTheDocument();
    expect(main.getByRole("link", { name: /画像/ })).toBeInTheDocument();
    expect(main.queryByRole("link", { name: /用户与角色/ })).toBeNull();
    expect(main.queryByRole("link", { name: /审计/ })).toBeNull();
  });
});

describe("users", () => {
  it("are invited by a link: nobody else knows their password", async () => {
    const { user } = renderApp("/settings/users");
    await user.click(await screen.findByRole("button", { name: "邀请用户" }));
    const form = await dialog();
    await user.type(form.getByLabelText("用户名"), "wang.fang");
    await user.selectOptions(form.getByLabelText("角色"), "analyst");
    await user.click(form.getByRole("button", { name: "创建并生成链接" }));
    expect(await screen.findByTestId("secret")).toHaveValue(
      new URL("/reset#token=link-of-a-day", document.baseURI).href,
    );
    const [made, reset] = written;
    expect(made).toMatchObject({ path: "/users", body: { name: "wang.fang", role: "analyst" } });
    expect(made?.body).toHaveProperty("password", expect.stringMatching(/^[0-9a-f]{64}$/));
    expect(reset?.path).toBe("/users/7/reset");
  });

  it("are disabled, and deleted only when one has said so", async () => {
    const { user } = renderApp("/settings/users");
    const row = within((await screen.findByText("李娜")).closest("tr") as HTMLElement);
    await user.click(row.getByRole("button", { name: "修改" }));
    await user.selectOptions((await dialog()).getByLabelText("状态"), "disabled");
    await user.click((await dialog()).getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toMatchObject({ method: "PATCH", body: { state: "disabled" } }),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(row.getByRole("button", { name: "删除" }));
    expect(written).toHaveLength(1);
    await user.click((await dialog()).getByRole("button", { name: "删除" }));
    await waitFor(() => expect(written[1]).toMatchObject({ method: "DELETE", path: "/users/2" }));
  });

  it("lose a second factor to owners only", async () => {
    const { user } = renderApp("/settings/users");
    const row = within((await screen.findByText("李娜")).closest("tr") as HTMLElement);
    expect(row.getByText("已开启")).toBeInTheDocument();
    await user.click(row.getByRole("button", { name: "关闭两步验证" }));
    await user.click((await dialog()).getByRole("button", { name: "关闭两步验证" }));
    await waitFor(() =>
      expect(written[0]).toMatchObject({ method: "DELETE", path: "/users/2/second-factor" }),
    );
  });

  it("are seen where they are signed in, and signed out there", async () => {
    let asked = "";
    server.use(
      http.get("*/api/v1/sessions", ({ request }) => {
        asked = new URL(request.url).search;
      }),
    );
    const { user } = renderApp("/settings/users");
    const row = within((await screen.findByText("李娜")).closest("tr") as HTMLElement);
    await user.click(row.getByRole("button", { name: "登录中的设备" }));
    const shown = within(await screen.findByRole("dialog", { name: "李娜 登录中的设备" }));
    expect(await shown.findByText("Safari · iPhone")).toBeInTheDocument();
    expect(asked).toBe("?user=2");
    await user.click(shown.getByRole("button", { name: "结束" }));
    await user.click(screen.getAllByRole("button", { name: "结束" }).at(-1) as HTMLElement);
    await waitFor(() =>
      expect(written[0]).toMatchObject({ method: "DELETE", path: "/sessions/12" }),
    );
  });

  it("are only read by who may not change them", async () => {
    server.resetHandlers(...handlers({ permissions: ["users.read"] }));
    renderApp("/settings/users");
    expect(await screen.findByText("李娜")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "邀请用户" })).toBeNull();
    expect(screen.queryByRole("button", { name: "删除" })).toBeNull();
  });
});

describe("keys", () => {
  it("are made with scopes in words and shown once", async () => {
    const { user } = renderApp("/settings/keys");
    await user.click(await screen.findByRole("button", { name: "新建密钥" }));
    const form = await dialog();
    await user.type(form.getByLabelText("用途"), "小程序");
    await user.click(form.getByRole("checkbox", { name: "写入行为" }));
    await user.click(form.getByRole("button", { name: "新建密钥" }));
    expect(await screen.findByTestId("secret")).toHaveValue("siyu_shown_this_once");
    expect(written[0]?.body).toEqual({ name: "小程序", scopes: ["events.write"] });
    await user.click(screen.getByRole("button", { name: "我已保存" }));
    await waitFor(() => expect(screen.queryByTestId("secret")).toBeNull());
  });

  it("are revoked once, and have a word for every scope", async () => {
    const { user } = renderApp("/settings/keys");
    expect(await screen.findByText("写入行为、改客户")).toBeInTheDocument();
    const secret = within(screen.getByRole("table", { name: "程序用的密钥（保密）" }));
    const [revoke, ...more] = secret.getAllByRole("button", { name: "吊销" });
    expect(more).toHaveLength(0);
    await user.click(revoke as HTMLElement);
    await user.click((await dialog()).getByRole("button", { name: "吊销" }));
    await waitFor(() => expect(written[0]).toMatchObject({ path: "/keys/5" }));
    const { default: words } = await import("@/locales/zh-CN.json");
    for (const permission of PERMISSIONS) {
      const [noun = "", verb = ""] = permission.split(".");
      const named = words.permission as Record<string, Record<string, string>>;
      expect(named[noun]?.[verb], permission).toBeTruthy();
    }
  });
});

describe("public keys", () => {
  it("stand apart from secret ones, with the sites they are good from", async () => {
    renderApp("/settings/keys");
    const table = within(await screen.findByRole("table", { name: "网页追踪用的密钥（公开）" }));
    expect(table.getByText("官网").closest("tr")).toHaveTextContent(
      "https://shop.example.comhttps://www.example.com",
    );
    expect(table.queryByText("商城订单同步")).toBeNull();
    const secret = within(screen.getByRole("table", { name: "程序用的密钥（保密）" }));
    expect(secret.queryByText("官网")).toBeNull();
  });

  it("are made for sites, and give the code to paste", async () => {
    const { user } = renderApp("/settings/keys");
    await user.click(await screen.findByRole("button", { name: "新建公开密钥" }));
    const form = await dialog();
    await user.type(form.getByLabelText("用途"), "官网");
    await user.type(form.getByLabelText("可用的网站"), "shop.example.com");
    await user.click(form.getByRole("button", { name: "创建并生成代码" }));
    expect(await form.findByText("每行写成 https://shop.example.com")).toBeInTheDocument();
    expect(written).toHaveLength(0);
    await user.clear(form.getByLabelText("可用的网站"));
    await user.type(form.getByLabelText("可用的网站"), "https://shop.example.com/tea");
    await user.click(form.getByRole("button", { name: "创建并生成代码" }));
    const script = new URL("/siyu.js", document.baseURI).href;
    expect(await screen.findByTestId("snippet")).toHaveTextContent(
      `<script src="${script}" data-key="siyu_shown_this_once" async></script>`,
    );
    expect(written[0]?.body).toEqual({
      name: "官网",
      scopes: ["events.track"],
      write_only: true,
      origins: ["https://shop.example.com"],
    });
  });
});

describe("preferences", () => {
  it("are saved one by one, and a mistake is said beside its field", async () => {
    const { user } = renderApp("/settings/preferences");
    const brand = await screen.findByLabelText("品牌名称");
    await user.clear(brand);
    await user.type(brand, "云上茶");
    await user.click(screen.getByRole("button", { name: "保存" }));
    await waitFor(() =>
      expect(written[0]).toEqual({
        method: "PUT",
        path: "/settings/brand_name",
        body: { value: "云上茶" },
      }),
    );
    server.use(
      http.put("*/api/v1/settings/idempotency_window", () =>
        HttpResponse.json(
          { type: "", title: "", status: 422, code: "setting.wrong_type", detail: "写法不对。" },
          { status: 422 },
        ),
      ),
    );
    await user.type(screen.getByLabelText("重复写入的识别时长"), "x");
    const row = screen.getByLabelText("重复写入的识别时长").closest("li") as HTMLElement;
    await user.click(within(row).getByRole("button", { name: "保存" }));
    expect(await within(row).findByRole("alert")).toHaveTextContent("写法不对");
  });

  it("move every moment into the zone that is set", async () => {
    server.use(
      http.put("*/api/v1/settings/time_zone", () => {
        const zone = "Pacific/Auckland";
        server.use(http.get("*/api/v1/session", () => HttpResponse.json({ ...SESSION, zone })));
        return HttpResponse.json({ ...SETTINGS[0], value: zone });
      }),
    );
    const { user, router } = renderApp("/settings/accounts");
    expect(await screen.findAllByText("2026-03-04 10:00")).not.toHaveLength(0);
    await router.navigate("/settings/preferences");
    const field = await screen.findByLabelText("时区");
    await user.selectOptions(field, "Pacific/Auckland");
    await user.click(within(field.closest("li") as HTMLElement).getByRole("button"));
    await screen.findByText("已保存");
    await router.navigate("/settings/accounts");
    expect(await screen.findAllByText("2026-03-04 15:00")).not.toHaveLength(0);
  });

  it("show a setting without words as the program says it, and only read to some", async () => {
    server.resetHandlers(...handlers({ permissions: ["settings.read"] }));
    renderApp("/settings/preferences");
    expect(await screen.findByLabelText("not_known_yet")).toBeDisabled();
    expect(screen.getByLabelText("时区")).toHaveValue("Asia/Shanghai");
    const needing = screen.getAllByText(/重启后生效/).map((note) => note.closest("li"));
    for (const label of ["受信任的反向代理", "可访问的内部网络"]) {
      expect(needing).toContain(screen.getByLabelText(label).closest("li"));
    }
    expect(needing).toHaveLength(2);
  });
});

describe("the vocabulary", () => {
  it("finds an event and adds a property to it", async () => {
    const { user } = renderApp("/settings/events");
    expect(await screen.findByText("支付")).toBeInTheDocument();
    await user.type(screen.getByRole("searchbox"), "scan");
    await waitFor(() => expect(screen.queryByText("支付")).toBeNull());
    await user.click(screen.getByRole("button", { name: "添加属性" }));
    const form = await dialog();
    await user.type(form.getByLabelText("属性名"), "poster");
    await user.selectOptions(form.getByLabelText("类型"), "int");
    await user.click(form.getByRole("button", { name: "声明" }));
    await waitFor(() =>
      expect(written[0]?.body).toEqual({
        name: "code_scanned",
        properties: [{ name: "poster", type: "int" }],
      }),
    );
  });

  it("says what attributes and properties are called and which are personal", async () => {
    const { user } = renderApp("/settings/attributes");
    const row = (await screen.findByText("生日")).closest("tr") as HTMLElement;
    expect(row).toHaveTextContent("birthday");
    expect(row).toHaveTextContent("是");
    await user.click(screen.getByRole("button", { name: "名称 city" }));
    await user.type((await dialog()).getByLabelText("中文名称"), "城市");
    await user.click((await dialog()).getByLabelText("个人信息"));
    await user.click((await dialog()).getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written[0]?.body).toEqual({ label_zh: "城市", personal: true }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says the same of the properties of an event", async () => {
    const { user } = renderApp("/settings/events");
    await user.click(await screen.findByRole("button", { name: "件数 (整数)" }));
    await user.clear((await dialog()).getByLabelText("中文名称"));
    await user.type((await dialog()).getByLabelText("中文名称"), "数量");
    await user.click((await dialog()).getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written[0]?.path).toContain("/event-types/order_paid/properties/"));
    expect(written[0]?.body).toEqual({ label_zh: "数量" });
  });

  it("says what an event is called, and how it is called without", async () => {
    const { user } = renderApp("/settings/events");
    const row = (await screen.findByText("扫码")).closest("tr") as HTMLElement;
    await user.click(within(row).getByRole("button", { name: "名称…" }));
    const form = await dialog();
    expect(form.getByLabelText("英文名称")).toHaveAttribute("placeholder", "Code scanned");
    expect(form.queryByLabelText("个人信息")).toBeNull();
    await user.type(form.getByLabelText("中文名称"), "扫了海报码");
    await user.click(form.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(written[0]?.path).toContain("/event-types/code_scanned"));
    expect(written[0]?.body).toEqual({ label_zh: "扫了海报码" });
    cleanup();
    // What the workspace has written itself is no name that there is without it.
    const own = { label_zh: "扫了海报码", own_label_zh: "扫了海报码" };
    const type = { ...EVENT_TYPES.find(({ name }) => name === "code_scanned"), ...own };
    server.use(http.get("*/api/v1/event-types", () => HttpResponse.json({ event_types: [type] })));
    renderApp("/settings/events");
    await user.click(await screen.findByRole("button", { name: "名称…" }));
    const again = await dialog();
    expect(again.getByLabelText("中文名称")).toHaveAttribute("placeholder", "code_scanned");
    expect(again.getByLabelText("英文名称")).toHaveAttribute("placeholder", "Code scanned");
  });

  it("declares attributes, identities and purposes", async () => {
    const { user } = renderApp("/settings/attributes");
    await user.click(await screen.findByRole("button", { name: "声明画像属性" }));
    await user.type((await dialog()).getByLabelText("名称"), "tea");
    await user.click((await dialog()).getByRole("button", { name: "声明" }));
    await waitFor(() => expect(written[0]?.body).toEqual({ name: "tea", type: "text" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(screen.getByRole("button", { name: "声明身份" }));
    await user.type((await dialog()).getByLabelText("名称"), "wallet");
    await user.click((await dialog()).getByLabelText("每人只有一个"));
    await user.click((await dialog()).getByRole("button", { name: "声明" }));
    await waitFor(() =>
      expect(written[1]?.body).toEqual({ name: "wallet", form: "plain", one_per_person: true }),
    );
  });
});

describe("the audit", () => {
  it("shows what was before and after, and of one kind", async () => {
    const { user, search } = renderApp("/settings/audit");
    const changed = (await screen.findByText("修改 人群")).closest("tr") as HTMLElement;
    expect(changed).toHaveTextContent(
      "did order_paid >= 2 times in last 90d → did order_paid >= 3 times in last 90d",
    );
    expect(changed).not.toHaveTextContent("老客");
    expect(changed).toHaveTextContent("zhang.wei127.0.0.1");
    expect([...changed.querySelectorAll("mark")].map((each) => each.textContent)).toEqual([
      "2",
      "3",
    ]);
    expect(screen.getByText("画像变更").closest("tr")).toHaveTextContent("city北京 → 上海");
    expect(screen.getByText("修改 用户").closest("tr")).toHaveTextContent("角色分析师 → 运营");
    expect(screen.getByText("吊销 密钥").closest("tr")).toHaveTextContent("吊销于2026-03-04 10:00");
    await user.selectOptions(screen.getByLabelText("哪一类"), "key");
    expect(search().get("noun")).toBe("key");
    await waitFor(() => expect(screen.queryByText("修改 人群")).toBeNull());
    expect(await screen.findByText("吊销 密钥")).toBeInTheDocument();
  });

  it("calls a part of the program by a name", async () => {
    const by = (id: string, actor: string) => ({ ...AUDIT[0], id, actor, from: "" });
    const entries = [by("9", "system:demo"), by("8", "system:tomorrow"), by("7", "system")];
    server.use(http.get("*/api/v1/audit", () => HttpResponse.json({ entries, next: null })));
    renderApp("/settings/audit");
    const shown = within(await screen.findByRole("table"));
    expect(shown.getByText("演示数据")).toBeInTheDocument();
    expect(shown.getAllByText("系统")).toHaveLength(2);
    expect(shown.queryByText(/system/)).toBeNull();
  });

  it("is cut down to one person and one verb, in the address and by the program", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      searchParams.delete("limit");
      if (pathname.endsWith("/audit")) asked.push(searchParams.toString());
    });
    const { user, search } = renderApp("/settings/audit?noun=user");
    await user.selectOptions(await screen.findByLabelText("哪种操作"), "changed");
    await screen.findByRole("option", { name: "李娜" });
    await user.selectOptions(screen.getByLabelText("由谁"), "user:2");
    expect(search().toString()).toBe("noun=user&verb=changed&by=user%3A2");
    await waitFor(() => expect(asked.at(-1)).toBe("noun=user&verb=changed&actor=user%3A2"));
    // Another noun has other verbs.
    await user.selectOptions(screen.getByLabelText("哪一类"), "customer");
    expect(search().toString()).toBe("noun=customer&by=user%3A2");
    expect(screen.getByRole("option", { name: "画像变更" })).toBeInTheDocument();
  });

  it("takes verbs of customers from an address for customers alone", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      searchParams.delete("limit");
      if (pathname.endsWith("/audit")) asked.push(searchParams.toString());
    });
    renderApp("/settings/audit?noun=user&verb=attribute_changed");
    expect(await screen.findByLabelText("哪种操作")).toHaveValue("");
    await waitFor(() => expect(asked.at(-1)).toBe("noun=user"));
    cleanup();
    renderApp("/settings/audit?noun=customer&verb=attribute_changed");
    expect(await screen.findByLabelText("哪种操作")).toHaveValue("attribute_changed");
    await waitFor(() => expect(asked.at(-1)).toBe("noun=customer&verb=attribute_changed"));
  });

  it("is cut down to a kind of actor, a customer and days", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      searchParams.delete("limit");
      if (pathname.endsWith("/audit")) asked.push(searchParams.toString());
    });
    const { user, search } = renderApp("/settings/audit?from=2026-02-27");
    await user.selectOptions(await screen.findByLabelText("由谁"), "key");
    expect(await screen.findByText("画像变更")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText("修改 用户")).toBeNull());
    await user.type(screen.getByLabelText("客户"), "1380");
    await user.click(await screen.findByText(/CDNOW-00042/, { selector: "[role=option] *" }));
    expect(search().get("customer")).toBe("c_42");
    fireEvent.change(screen.getByLabelText("到"), { target: { value: "2026-02-28" } });
    expect(search().toString()).toBe("by=key&customer=c_42&from=2026-02-27&to=2026-02-28");
    await waitFor(() =>
      expect(asked.at(-1)).toBe("actor_kind=key&customer=c_42&from=2026-02-27&to=2026-03-01"),
    );
  });

  it("takes nobody by a phone in an address, and who was erased by number", async () => {
    const asked: string[] = [];
    server.events.on("request:start", ({ request }) => {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname.endsWith("/audit")) asked.push(searchParams.get("customer") ?? "");
    });
    const old = "/settings/audit?noun=customer&customer=13800138000&from=2026-02-31";
    const { router, user, search } = renderApp(old);
    const field = await screen.findByRole("combobox", { name: "客户" });
    await waitFor(() => expect(asked).toEqual([""]));
    expect(search().toString()).toBe("noun=customer");
    expect(router.state.historyAction).toBe("REPLACE");
    await user.type(field, "c_977");
    await user.click(await screen.findByText("c_977"));
    expect(search().get("customer")).toBe("c_977");
    expect(router.state.historyAction).toBe("REPLACE");
    await waitFor(() => expect(asked.at(-1)).toBe("c_977"));
    await user.click(screen.getByRole("button", { name: "无" }));
    expect(search().toString()).toBe("noun=customer");
    await waitFor(() => expect(asked.at(-1)).toBe(""));
  });
});

describe("one's own account", () => {
  it("is reached from the user menu; sessions are ended there", async () => {
    const { user, router } = renderApp("/settings");
    await user.click(await screen.findByTestId("user"));
    await user.click(await screen.findByText("我的账户"));
    expect(router.state.location.pathname).toBe("/me");
    expect(await screen.findByText("当前")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "结束" }));
    await user.click((await dialog()).getByRole("button", { name: "结束" }));
    await waitFor(() => expect(written[0]).toMatchObject({ path: "/sessions/12" }));
  });

  it("changes the password", async () => {
    const { user } = renderApp("/me");
    await user.type(await screen.findByLabelText("现在的密码"), "correct horse");
    await user.type(screen.getByLabelText("新密码"), "another long word");
    await user.type(screen.getByLabelText("再输一次密码"), "another long word");
    await user.click(screen.getByRole("button", { name: "修改密码" }));
    expect(await screen.findByText("密码已修改")).toBeInTheDocument();
    expect(written[0]?.body).toEqual({ current: "correct horse", next: "another long word" });
  });

  it("sets a password by the link one was sent", async () => {
    server.resetHandlers(...handlers({ signedIn: false }));
    const { user } = renderApp("/reset#token=link-of-a-day");
    await user.type(await screen.findByLabelText("新密码"), "another long word");
    await user.type(screen.getByLabelText("再输一次密码"), "another long word");
    await user.click(screen.getByRole("button", { name: "设置密码" }));
    expect(await screen.findByText("密码已设置。")).toBeInTheDocument();
    expect(written[0]?.body).toEqual({ token: "link-of-a-day", password: "another long word" });
  });
});
