// dist/ as the program serves it (content policy, nonce, index.html for every address) in front of
// the pretended program of src/test/mock_api.ts. Alone: node e2e/mock_server.mjs [port]
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { getResponse } from "msw";
import { createServer as createVite } from "vite";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

// The pretended program is TypeScript: Vite reads it.
async function loadMock() {
  const vite = await createVite({
    root: ROOT,
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    appType: "custom",
    optimizeDeps: { noDiscovery: true },
    logLevel: "error",
  });
  const mock = await vite.ssrLoadModule("/src/test/mock_api.ts");
  const fixtures = await vite.ssrLoadModule("/src/test/fixtures.ts");
  const { SYSTEM: system } = await vite.ssrLoadModule("/src/test/mock_system.ts");
  return { mock, fixtures, system, close: () => vite.close() };
}

export function policyOf(nonce) {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

// A server with a pretended program of its own, which remembers what is done to it.
async function openSeat(mock, port) {
  let handlers = mock.handlers();
  const server = createServer(async (request, response) => {
    try {
      if (request.url.startsWith("/api/")) await answerApi(request, response, handlers);
      else await answerFile(request, response);
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    // Begins anew: as somebody or as nobody.
    signIn: (signedIn) => {
      handlers = mock.handlers({ signedIn });
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function startMock({ port = 0 } = {}) {
  const { mock, fixtures, system, close } = await loadMock();
  const first = await openSeat(mock, port);
  return {
    ...first,
    mock,
    fixtures,
    system,
    // Another one, for a page beside.
    seat: () => openSeat(mock, 0),
    stop: async () => {
      first.stop();
      await close();
    },
  };
}

async function answerApi(request, response, handlers) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await getResponse(
    handlers,
    new Request(new URL(request.url, "http://localhost"), {
      method: request.method,
      headers: request.headers,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    }),
  );
  if (!answer) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

async function answerFile(request, response) {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const type = TYPES[extname(path)];
  if (type && type !== TYPES[".html"]) {
    response.writeHead(200, {
      "Content-Type": type,
      ...(path.startsWith("/assets/") && { "Cache-Control": "max-age=31536000, immutable" }),
    });
    response.end(await readFile(join(ROOT, "dist", path)));
    return;
  }
  const nonce = randomBytes(16).toString("base64");
  const page = await readFile(join(ROOT, "dist/index.html"), "utf8");
  response.writeHead(200, {
    "Content-Type": TYPES[".html"],
    "Content-Security-Policy": policyOf(nonce),
  });
  response.end(page.replaceAll("__CSP_NONCE__", nonce));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await startMock({ port: Number(process.argv[2] ?? 8099) });
  console.log(url);
}
