// The pretended program behind every test of a file: fresh before each, in Chinese,
// in a browser that has kept nothing.
import { setupServer } from "msw/node";
import { chooseLanguage } from "@/text/language";
import { handlers } from "./mock_api";

// Called once, at a file's beginning. What a test has `use`d is gone before the next.
export function mockedProgram(start?: Parameters<typeof handlers>[0]) {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  beforeEach(async () => {
    localStorage.clear();
    sessionStorage.clear();
    server.resetHandlers(...handlers(start));
    await chooseLanguage("zh-CN");
  });
  afterAll(() => server.close());
  return server;
}
