// A pretended program for tests: one small shop (fixtures.ts). What a rule or a customer's key says
// decides what happens, so that every state of a page has an address of its own:
//   rule  "lst" a mistake with a nearest name · "order_piad" an unknown name (warning)
//         "nobody" no one · "broken" the database is lost · "slow" never answers
//         "heavy" takes its time, as its estimate says
//   key   see mock_customers.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefaultBodyType, delay, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { byteLength } from "@/text/byte_offset";
import { EXPLANATION, NAMES, PERMISSIONS, RECORD, SESSION } from "./fixtures";
import { audienceHandlers, treeOf } from "./mock_audiences";
import { customerHandlers, keyOf, named } from "./mock_customers";
import { importHandlers } from "./mock_imports";
import { ledgerHandlers } from "./mock_ledger";
import { lifeHandlers } from "./mock_life";
import { lifecycleHandlers } from "./mock_lifecycle";
import { orderHandlers } from "./mock_orders";
import { settingsHandlers } from "./mock_settings";
import { systemHandlers } from "./mock_system";
import { workspaceHandlers } from "./mock_workspace";

export const SETUP_TOKEN = "one-time-token";
export const PASSWORD = "correct horse";
export const PEOPLE_TOTAL = 1_234_567;

const AT_NOW = "2026-03-05T00:00:00.000Z";
const PAGE_MAX = 1000;

type Problem = Partial<Schema["Problem"]> & { status: number; code: string };

const PROBLEMS = join(import.meta.dirname, "../../../src/api/problems.tsv");

// The program's own sentences, in the language the page asks for.
const SENTENCES = new Map(
  readFileSync(PROBLEMS, "utf8")
    .split("\n")
    .map((line) => {
      const [code = "", , en = "", zh = ""] = line.split("\t");
      return [code, { en, zh }] as const;
    }),
);
let language: "zh" | "en" = "zh";

function problem({ status, code, ...rest }: Problem) {
  return HttpResponse.json(
    {
      type: `/problems/${code}`,
      title: code,
      detail: SENTENCES.get(code)?.[language] ?? code,
      status,
      code,
      ...rest,
    },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
}

interface Asked {
  rule?: string;
  at?: string;
  after?: string;
  limit?: number;
  customer?: string;
}

const bodyOf = async (request: StrictRequest<DefaultBodyType>) => (await request.json()) as Asked;

function mistakeIn(rule: string) {
  const index = rule.search(/\blst\b/);
  if (index < 0) return null;
  const before = rule.slice(0, index);
  const lines = before.split("\n");
  return problem({
    status: 422,
    code: "audience.expected_word",
    offset: byteLength(before),
    line: lines.length,
    column: [...(lines.at(-1) ?? "")].length + 1,
    expected: "last",
    nearest: "last",
  });
}

function warningsOf(rule: string): Schema["Warning"][] {
  const index = rule.indexOf("order_piad");
  if (index < 0) return [];
  const offset = byteLength(rule.slice(0, index));
  return [{ code: "audience.unknown_event", offset, name: "order_piad", nearest: "order_paid" }];
}

function momentOf(at: string | undefined): string {
  if (at === undefined) return AT_NOW;
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(at) ? at : `${at}+08:00`).toISOString();
}

// What every question has in common: mistakes, and what the rule makes happen.
async function refusal(rule: string) {
  if (rule.includes("slow")) await delay("infinite");
  if (rule.includes("broken")) return problem({ status: 503, code: "store.unavailable" });
  return mistakeIn(rule);
}

// In the past there were fewer: a thirtieth of a percent a day.
const matched = (rule: string, at?: string) => {
  if (rule.includes("nobody") || warningsOf(rule).length > 0) return 0;
  const days = Math.max(0, (Date.parse(AT_NOW) - Date.parse(momentOf(at))) / 86_400_000);
  return Math.round(PEOPLE_TOTAL * Math.max(0.5, 1 - days / 3000));
};

function estimateOf(rule: string): Schema["Estimate"] {
  const isHeavy = rule.includes("heavy");
  const tree = { rule, share: 0.2, bytes: 2600, nanoseconds: 3400, parts: [] };
  return isHeavy
    ? { persons: PEOPLE_TOTAL, rows: 250_000, bytes: 3_200_000_000, milliseconds: 4200, tree }
    : { persons: PEOPLE_TOTAL, rows: 250_000, bytes: 9_000_000, milliseconds: 12, tree };
}

// `empty`: a workspace nobody is known in yet; `permissions`: of whoever is signed in.
export function handlers({ signedIn = true, empty = false, permissions = PERMISSIONS } = {}) {
  const whoIsThere = { ...SESSION, permissions };
  let session = signedIn;
  const refuseStranger = () =>
    session ? null : problem({ status: 401, code: "access.not_signed_in" });
  const refuseForged = (request: Request) =>
    request.headers.get("X-CSRF-Token") === SESSION.csrf_token
      ? null
      : problem({ status: 403, code: "access.csrf_mismatch" });

  const question = (
    path: string,
    answer: (asked: Required<Pick<Asked, "rule">> & Asked) => HttpResponse<DefaultBodyType>,
  ) =>
    http.post(path, async ({ request }) => {
      const asked = await bodyOf(request);
      const rule = asked.rule ?? "";
      return (
        refuseStranger() ??
        refuseForged(request) ??
        (await refusal(rule)) ??
        answer({ ...asked, rule })
      );
    });

  const refused = (request: Request) =>
    refuseStranger() ?? (request.method === "GET" ? null : refuseForged(request));

  return [
    // Answers nothing: the next one does.
    http.all("*/api/v1/*", ({ request }) => {
      language = request.headers.get("Accept-Language")?.startsWith("en") ? "en" : "zh";
    }),
    ...customerHandlers(refused, problem, { empty, matched, refusal }),
    ...audienceHandlers(refused, problem, { empty, matched }),
    ...settingsHandlers((request) => refuseStranger() ?? refuseForged(request), problem, empty),
    ...workspaceHandlers(refuseStranger),
    ...systemHandlers(refused, empty),
    ...orderHandlers(refused, problem, empty),
    ...ledgerHandlers(refused, empty),
    ...lifeHandlers(refused),
    ...lifecycleHandlers(refused, problem, empty),
    ...importHandlers(refused, problem, empty),
    http.get("*/api/v1/session", () => refuseStranger() ?? HttpResponse.json(whoIsThere)),
    http.post("*/api/v1/session", async ({ request }) => {
      const { password } = (await request.json()) as { password: string };
      if (password !== PASSWORD) return problem({ status: 401, code: "access.sign_in_failed" });
      session = true;
      return HttpResponse.json(whoIsThere, { status: 201 });
    }),
    http.delete("*/api/v1/session", ({ request }) => {
      const forged = refuseForged(request);
      if (forged) return forged;
      session = false;
      return new HttpResponse(null, { status: 204 });
    }),
    http.post("*/api/v1/setup", async ({ request }) => {
      const { token } = (await request.json()) as { token: string };
      if (token !== SETUP_TOKEN) return problem({ status: 403, code: "access.link_invalid" });
      session = true;
      return HttpResponse.json(whoIsThere, { status: 201 });
    }),
    http.get("*/api/v1/names", () => refuseStranger() ?? HttpResponse.json(NAMES)),

    question("*/api/v1/rules/check", ({ rule }) =>
      HttpResponse.json({ canonical: rule, tree: treeOf(rule), warnings: warningsOf(rule) }),
    ),
    question("*/api/v1/rules/count", ({ rule, at }) =>
      HttpResponse.json({
        count: empty ? 0 : matched(rule, at),
        at: momentOf(at),
        warnings: warningsOf(rule),
        position: "12",
        fresh: true,
      }),
    ),
    question("*/api/v1/rules/estimate", ({ rule, at }) =>
      HttpResponse.json({
        estimate: estimateOf(rule),
        at: momentOf(at),
        warnings: [],
        position: "12",
        fresh: true,
      }),
    ),
    question("*/api/v1/rules/list", ({ rule, at, after, limit = 100 }) => {
      const first = after === undefined ? 1 : Number(after) + 1;
      const last = first + Math.min(limit, PAGE_MAX) - 1;
      const total = matched(rule);
      const customers = Array.from({ length: Math.min(last, total) - first + 1 }, (_, index) => ({
        id: first + index,
        key: keyOf(first + index),
      }));
      return HttpResponse.json({
        customers,
        next: last < total ? String(last) : null,
        at: momentOf(at),
        warnings: [],
        position: "12",
        fresh: true,
      });
    }),
    question("*/api/v1/rules/explain", ({ customer = "", at }) =>
      customer === "ghost"
        ? problem({ status: 404, code: "customer.unknown_customer" })
        : HttpResponse.json({
            ...EXPLANATION,
            customer: { id: RECORD.id, key: named(customer) },
            at: momentOf(at),
            position: "12",
            fresh: true,
          }),
    ),
  ];
}
