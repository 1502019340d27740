// A program outside, to which requests are made: keeps them, and answers as it is told.
import { createServer } from "node:http";

const WAIT_MS = 20_000;

export async function startReceiver() {
  const requests = [];
  const answers = new Map();
  const taken = new Map();
  let arrived = () => {};
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.statusCode = answers.get(request.url) ?? 200;
    response.end();
    requests.push({
      path: request.url,
      headers: request.headers,
      body: Buffer.concat(parts).toString("utf8"),
    });
    arrived();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const seen = (path) => requests.filter((each) => each.path === path);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    // What requests to a path are answered from now on.
    answer: (path, status) => answers.set(path, status),
    // The one after those that were waited for before.
    async next(path) {
      const at = taken.get(path) ?? 0;
      taken.set(path, at + 1);
      const until = AbortSignal.timeout(WAIT_MS);
      while (seen(path).length <= at) {
        until.throwIfAborted();
        await new Promise((resolve, reject) => {
          arrived = resolve;
          until.onabort = () => reject(new Error(`nothing more arrives at ${path}`));
        });
      }
      return seen(path)[at];
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
