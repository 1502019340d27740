// What one has seen at a browser is not shown to who is signed in there next.
import { focusManager } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { answerOf, api } from "@/api/client";
import { SESSION } from "@/test/fixtures";
import { PASSWORD } from "@/test/mock_api";
import { STORES } from "@/test/mock_settings";
import { mockedProgram } from "@/test/mocked_program";
import { renderApp } from "@/test/render_app";
import { newQueryClient } from "./providers";

const server = mockedProgram();
const OTHER = { ...SESSION, user: { ...SESSION.user, id: 2, name: "li.na" } };
const KEPT = "siyu.bulk_change";
let stores = 0;

const problem = (status: number, code: string) =>
  HttpResponse.json(
    { type: "", title: "", status, code, detail: "" },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );

// Whoever is signed in sees one store.
function storeIs(name: string) {
  server.use(
    http.get("*/api/v1/stores", () => {
      stores += 1;
      return HttpResponse.json({ stores: [{ ...STORES[0], name }], next: null });
    }),
  );
}

// The first user's page, and something the tab keeps.
async function seenByTheFirst() {
  storeIs("甲店");
  const app = renderApp("/settings/stores", newQueryClient());
  expect(await screen.findByText("甲店")).toBeVisible();
  sessionStorage.setItem(KEPT, "{}");
  return app;
}

async function signIn(user: ReturnType<typeof renderApp>["user"]) {
  await user.type(await screen.findByLabelText("用户名"), "li.na");
  await user.type(screen.getByLabelText("密码"), `${PASSWORD}{Enter}`);
}

describe("what was seen", () => {
  it("is gone when a session ends by itself and somebody else signs in", async () => {
    const { user } = await seenByTheFirst();
    server.use(http.get("*/api/v1/tags", () => problem(401, "access.not_signed_in")));
    await act(() => answerOf(api.GET("/tags")).catch(() => {}));
    await screen.findByLabelText("用户名");
    expect(sessionStorage.getItem(KEPT)).toBeNull();
    // The store is not told yet: what stood there may not stand in its place.
    server.use(
      http.post("*/api/v1/session", () => HttpResponse.json(OTHER, { status: 201 })),
      http.get("*/api/v1/stores", () => new Promise<Response>(() => {})),
    );
    await signIn(user);
    expect(await screen.findByRole("heading", { name: "门店" })).toBeVisible();
    expect(screen.queryByText("甲店")).toBeNull();
  });

  it("is gone when another tab has signed in as somebody else", async () => {
    await seenByTheFirst();
    storeIs("乙店");
    server.use(http.get("*/api/v1/session", () => HttpResponse.json(OTHER)));
    act(() => {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    });
    expect(await screen.findByText("乙店")).toBeVisible();
    expect(screen.queryByText("甲店")).toBeNull();
    expect(sessionStorage.getItem(KEPT)).toBeNull();
    focusManager.setFocused(undefined);
  });

  it("is gone when the program says that the token is another's", async () => {
    await seenByTheFirst();
    storeIs("乙店");
    server.use(
      http.get("*/api/v1/session", () => HttpResponse.json(OTHER)),
      http.post("*/api/v1/customers/list", () => problem(403, "access.csrf_mismatch")),
    );
    await act(() => answerOf(api.POST("/customers/list", { body: {} })).catch(() => {}));
    expect(await screen.findByText("乙店")).toBeVisible();
    expect(screen.queryByText("甲店")).toBeNull();
  });

  it("is gone when whoever it is may see less", async () => {
    await seenByTheFirst();
    storeIs("乙店");
    const less = { ...SESSION, user: { ...SESSION.user, scope: "own" } };
    server.use(http.get("*/api/v1/session", () => HttpResponse.json(less)));
    act(() => {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    });
    expect(await screen.findByText("乙店")).toBeVisible();
    focusManager.setFocused(undefined);
  });

  it("stays while the same user is there, also when the program cannot be asked", async () => {
    await seenByTheFirst();
    const before = stores;
    server.use(http.get("*/api/v1/session", () => problem(500, "server.failed")));
    act(() => {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    });
    await waitFor(() => expect(screen.getByText("甲店")).toBeVisible());
    expect(sessionStorage.getItem(KEPT)).toBe("{}");
    expect(stores).toBe(before);
    focusManager.setFocused(undefined);
  });

  it("is not kept by a tab that is loaded anew for somebody else", async () => {
    sessionStorage.setItem("siyu.viewer", "7");
    sessionStorage.setItem(KEPT, "{}");
    storeIs("甲店");
    renderApp("/settings/stores", newQueryClient());
    expect(await screen.findByText("甲店")).toBeVisible();
    expect(sessionStorage.getItem(KEPT)).toBeNull();
  });
});
