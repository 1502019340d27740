import { HttpResponse, http } from "msw";
import { mockedProgram } from "@/test/mocked_program";
import { answerOf, api } from "./client";

const server = mockedProgram();

const ask = () => answerOf(api.POST("/rules/count", { body: { rule: "everyone" } }));

// What the next questions ask for, and what the next change answers.
function program(position: string) {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/v1/rules/count", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json({ count: 1, at: "", warnings: [], position: "99", fresh: true });
    }),
    http.get("*/api/v1/audiences/1/sizes", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("at_least"));
      return HttpResponse.json({ version: 1, sizes: [], position: "99", fresh: true });
    }),
    http.post("*/api/v1/tags", () => HttpResponse.json({ id: 1, group: "a", name: "b", position })),
  );
  return asked;
}

const change = () => api.POST("/tags", { body: { group: "a", name: "b" } });

describe("what was written last", () => {
  it("is asked for by every question, whatever others are answered", async () => {
    const asked = program("3-20-7");
    await ask();
    await change();
    await ask();
    await answerOf(api.GET("/audiences/{id}/sizes", { params: { path: { id: 1 } } }));
    expect(asked).toEqual([
      { rule: "everyone" },
      { rule: "everyone", at_least: "3-20-7" },
      "3-20-7",
    ]);
  });

  it("is the latest, also when an earlier change is answered later", async () => {
    program("3-100-1");
    await change();
    const asked = program("3-30-9");
    await change();
    await ask();
    expect(asked).toEqual([{ rule: "everyone", at_least: "3-100-1" }]);
  });

  it("is not insisted on when it cannot be reached", async () => {
    const asked = program("4-1-1");
    await change();
    server.use(
      http.post(
        "*/api/v1/rules/count",
        () =>
          HttpResponse.json(
            { code: "api.position_not_reached", status: 503, detail: "" },
            { status: 503, headers: { "Content-Type": "application/problem+json" } },
          ),
        { once: true },
      ),
    );
    await expect(ask()).rejects.toThrow();
    await ask();
    expect(asked).toEqual([{ rule: "everyone" }]);
  });
});
