// The one way to the API. Adds the session's CSRF token, turns problem+json into ProblemError and
// tells the app when the session has ended.
import createClient, { type Middleware } from "openapi-fetch";
import { answerAhead } from "./ahead";
import type { components, paths } from "./generated/schema";
import { type Problem, ProblemError } from "./problem";

export type Schema = components["schemas"];

let csrfToken = "";
let onSessionEnd: () => void = () => {};
let onTokenStale: () => void = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

interface SessionListeners {
  // 401: the session is over.
  ended(): void;
  // Another tab has signed in anew: the token has to be asked for again.
  tokenStale(): void;
}

// Returns what undoes it.
export function listenToSession({ ended, tokenStale }: SessionListeners): () => void {
  onSessionEnd = ended;
  onTokenStale = tokenStale;
  return () => {
    onSessionEnd = () => {};
    onTokenStale = () => {};
  };
}

const NOT_REACHED = "api.position_not_reached";
export const CSRF_MISMATCH = "access.csrf_mismatch";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

// Where the last change of this page stands. Every question waits until it is in the answer.
let written: string | null = null;

const QUESTIONS = new Set([
  "/rules/count",
  "/rules/estimate",
  "/rules/list",
  "/rules/explain",
  "/customers/list",
  "/customers/export",
]);
const SIZES = "/audiences/{id}/sizes";

// "12", "3-4711-12"
const numbersOf = (position: string) => position.split("-").map(Number);

function isLater(position: string, than: string): boolean {
  const others = numbersOf(than);
  const differs = numbersOf(position).map((number, index) => number - (others[index] ?? 0));
  return (differs.find((difference) => difference !== 0) ?? 0) > 0;
}

async function afterWritten(request: Request, schemaPath: string): Promise<Request> {
  if (written === null) return request;
  if (schemaPath === SIZES) {
    const url = new URL(request.url);
    url.searchParams.set("at_least", written);
    return new Request(url, request);
  }
  if (!QUESTIONS.has(schemaPath)) return request;
  const body = (await request.clone().json()) as object;
  return new Request(request, { body: JSON.stringify({ ...body, at_least: written }) });
}

const middleware: Middleware = {
  onRequest({ request, schemaPath }) {
    // The server's own sentences come in the language of the page.
    request.headers.set("Accept-Language", document.documentElement.lang);
    if (!SAFE.has(request.method) && csrfToken !== "") {
      request.headers.set("X-CSRF-Token", csrfToken);
    }
    return afterWritten(request, schemaPath);
  },
  async onResponse({ request, schemaPath, response }) {
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    if (SAFE.has(request.method) || QUESTIONS.has(schemaPath) || !response.ok || !json) return;
    const { position } = (await response.clone().json()) as { position?: unknown };
    if (typeof position !== "string") return;
    if (written === null || isLater(position, written)) written = position;
  },
};

export const api = createClient<paths>({
  baseUrl: new URL("/api/v1", document.baseURI).href,
  credentials: "same-origin",
  // Looked up at each call, so that a test's mock server may stand in its place.
  fetch: (request) => answerAhead(request) ?? globalThis.fetch(request),
});
api.use(middleware);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// What the API answered, or throws ProblemError: also for a lost connection and for an answer
// that is no problem+json (a proxy's page).
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ProblemError({ code: "console.no_connection", status: 0, detail: "" });
  }
  const { data, error, response } = answer;
  if (response.ok) return data as T;
  const problem = readProblem(error, response.status);
  if (response.status === 401 && !response.url.endsWith("/session")) onSessionEnd();
  if (problem.problem.code === CSRF_MISMATCH) onTokenStale();
  // Asked again, the answer says by itself that it is behind.
  if (problem.problem.code === NOT_REACHED) written = null;
  throw problem;
}

function readProblem(error: unknown, status: number): ProblemError {
  if (typeof error === "object" && error !== null && "code" in error) {
    return new ProblemError(error as Problem);
  }
  return new ProblemError({ code: "console.unreadable_answer", status, detail: "" });
}
