import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { SESSION } from "@/test/fixtures";
import { handlers } from "@/test/mock_api";
import { HEALTH } from "@/test/mock_workspace";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";

const server = mockedProgram({ signedIn: false });

const problem = (status: number, code: string) =>
  HttpResponse.json(
    { type: "about:blank", title: "", status, code, detail: code },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

describe("signing in", () => {
  it("asks once when somebody clicks twice", async () => {
    let asked = 0;
    server.use(
      http.post("*/api/v1/session", () => {
        asked += 1;
        return problem(401, "access.sign_in_failed");
      }),
    );
    const { user } = renderApp("/sign-in");
    await user.type(await screen.findByLabelText("用户名"), "zhang.wei");
    await user.type(screen.getByLabelText("密码"), "a long enough password");
    await user.dblClick(screen.getByRole("button", { name: "登录" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(asked).toBe(1);
  });
});

describe("a second factor", () => {
  it("is asked for once the password was right", async () => {
    server.use(
      http.post("*/api/v1/session", async ({ request }) => {
        const { code } = (await request.json()) as { code?: string };
        if (code === undefined) return problem(401, "access.code_needed");
        if (code !== "123456") return problem(422, "access.code_wrong");
        return HttpResponse.json(SESSION, { status: 201 });
      }),
    );
    const { user, router } = renderApp("/sign-in");
    await user.type(await screen.findByLabelText("用户名"), "zhang.wei");
    expect(screen.queryByLabelText("验证码")).toBeNull();
    await user.type(screen.getByLabelText("密码"), "a long enough password{Enter}");
    const code = await screen.findByLabelText("验证码");
    expect(screen.queryByRole("alert")).toBeNull();
    await user.type(code, "111111{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("access.code_wrong");
    await user.clear(screen.getByLabelText("验证码"));
    await user.type(screen.getByLabelText("验证码"), "123456{Enter}");
    await waitFor(() => expect(router.state.location.pathname).not.toBe("/sign-in"));
  });
});

describe("the demo", () => {
  it("is entered with one click, and says what it is", async () => {
    server.use(
      http.get("*/api/v1/health", () => HttpResponse.json({ ...HEALTH, demo_entrance: true })),
      http.post("*/api/v1/demo/session", () => {
        server.use(...handlers());
        return HttpResponse.json({ ...SESSION, demo: true }, { status: 201 });
      }),
    );
    const { user } = renderApp("/sign-in");
    await user.click(await screen.findByRole("button", { name: "进入示例品牌" }));
    expect(await screen.findByText(/顾客、订单和数字都是编造的/)).toBeVisible();
  });

  it("is entered by the ticket of the program beside it", async () => {
    const given: unknown[] = [];
    server.use(
      http.post("*/api/v1/demo/session", async ({ request }) => {
        given.push(await request.json());
        server.use(...handlers());
        return HttpResponse.json({ ...SESSION, demo: true }, { status: 201 });
      }),
    );
    const { router } = renderApp("/demo?ticket=1.2.3");
    expect(await screen.findByText(/顾客、订单和数字都是编造的/)).toBeVisible();
    expect(router.state.location.pathname).toBe("/");
    expect(given).toEqual([{ ticket: "1.2.3" }]);
  });

  it("says when the ticket was used before", async () => {
    server.use(http.post("*/api/v1/demo/session", () => problem(404, "api.no_demo_entrance")));
    renderApp("/demo?ticket=1.2.3");
    expect(await screen.findByText(/已经用过或已过期/)).toBeVisible();
  });

  it("is not offered where it is none", async () => {
    renderApp("/sign-in");
    await screen.findByLabelText("用户名");
    expect(screen.queryByRole("button", { name: "进入示例品牌" })).toBeNull();
  });
});
