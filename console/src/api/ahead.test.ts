import { HttpResponse, http } from "msw";
import { mockedProgram } from "@/test/mocked_program";
import { answerAhead, askAhead } from "./ahead";
import { answerOf, api } from "./client";

const server = mockedProgram();

describe("a question asked ahead", () => {
  it("is answered once, and asked anew the next time", async () => {
    let asked = 0;
    server.use(
      http.get("*/api/v1/session", () => {
        ++asked;
        return HttpResponse.json({ number: asked });
      }),
    );
    askAhead("/session");
    expect(await answerOf(api.GET("/session"))).toEqual({ number: 1 });
    expect(asked).toBe(1);
    expect(await answerOf(api.GET("/session"))).toEqual({ number: 2 });
  });

  it("is no answer to a change of the same address", async () => {
    askAhead("/session");
    const url = new URL("/api/v1/session", document.baseURI).href;
    expect(answerAhead(new Request(url, { method: "DELETE" }))).toBeUndefined();
    expect(answerAhead(new Request(`${url}?other`))).toBeUndefined();
    expect((await answerAhead(new Request(url)))?.status).toBe(200);
    expect(answerAhead(new Request(url))).toBeUndefined();
  });

  it("fails as any other does", async () => {
    server.use(http.get("*/api/v1/session", () => HttpResponse.error()));
    askAhead("/session");
    await expect(answerOf(api.GET("/session"))).rejects.toMatchObject({
      problem: { code: "console.no_connection" },
    });
  });
});
