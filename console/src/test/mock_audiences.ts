// The pretended program's saved audiences; what is written stays until the next start. Read by
// mock_api.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { print } from "@/components/rule/print";
import type { RuleNode } from "@/components/rule/tree";
import { AUDIENCES } from "./fixtures";
import { liveHandlers } from "./mock_live";
import RULES from "./rule_trees.json";

type Audience = Schema["Audience"];
type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Problem = (problem: { status: number; code: string; users?: string[] }) => Response;

const AT = "2026-03-05T00:00:00.000Z";
const rules = RULES as unknown as { rule: string; tree: RuleNode }[];

// What the program answers for a rule it was once asked (rule_trees.json), or for a part of one.
// Parts of a chain of "and" are looked up one by one; any other rule comes back as its own words.
export function treeOf(rule: string): RuleNode {
  const found = rules.find((each) => each.rule === rule.trim());
  if (found) return found.tree;
  const part = rules.flatMap(({ tree }) => partsOf(tree)).find((each) => print(each) === rule);
  if (part) return part;
  const parts = rule.split(" and ");
  if (parts.length > 1 && !/["(]/.test(rule)) return { type: "and", parts: parts.map(treeOf) };
  return { type: "words", text: rule, given: rule };
}

function partsOf(node: RuleNode): RuleNode[] {
  if (node.type === "and" || node.type === "or") return [node, ...node.parts.flatMap(partsOf)];
  if (node.type === "not" || node.type === "held") return [node, ...partsOf(node.part)];
  return [node];
}

const versionOf = (
  { version, name, rule }: Schema["AudienceRow"],
  saved: { at: string; by: string },
) => ({ version, name, rule, ...saved });

type Matched = (rule: string, at?: string) => number;

// At the last midnights of Shanghai, the earliest first.
function sizesOf(days: number, rule: string, matched: Matched) {
  const DAY_MS = 86_400_000;
  const EAST_MS = 8 * 3_600_000;
  const today = Math.floor((Date.now() + EAST_MS) / DAY_MS) * DAY_MS - EAST_MS;
  return Array.from({ length: days }, (_, index) => {
    const at = new Date(today - (days - 1 - index) * DAY_MS).toISOString();
    return { at, customers: matched(rule, at) };
  });
}

export function audienceHandlers(
  refuse: Refuse,
  problem: Problem,
  { empty, matched }: { empty: boolean; matched: Matched },
) {
  let audiences: Audience[] = (empty ? [] : AUDIENCES).map((row) => ({
    ...row,
    tree: treeOf(row.rule) as unknown as Audience["tree"],
    used_by: row.id === 3 ? ["沉睡老客"] : [],
    versions: [
      versionOf(row, { at: row.changed_at, by: row.changed_by }),
      ...(row.version > 1
        ? [
            versionOf(
              { ...row, version: 1, rule: "did order_paid" },
              { at: "2026-02-01T02:00:00.000Z", by: "user:2" },
            ),
          ]
        : []),
    ],
  }));
  const missing = () => problem({ status: 404, code: "audience.no_such_audience" });
  const with_id = (id: unknown) => audiences.find((each) => each.id === Number(id));
  const row = ({ tree: _, used_by: __, versions: ___, ...shown }: Audience) => shown;

  return [
    ...liveHandlers(refuse, { empty, missing, named: with_id }),
    http.get(
      "*/api/v1/audiences",
      ({ request }) => refuse(request) ?? HttpResponse.json({ audiences: audiences.map(row) }),
    ),
    http.get("*/api/v1/audiences/:id/sizes", ({ params, request }) => {
      const audience = with_id(params.id);
      if (!audience) return refuse(request) ?? missing();
      const days = Number(new URL(request.url).searchParams.get("days") ?? 30);
      const { version, rule } = audience;
      const sizes = sizesOf(days, rule, matched);
      return refuse(request) ?? HttpResponse.json({ version, sizes, position: "1", fresh: true });
    }),
    http.get("*/api/v1/audiences/:id", ({ params, request }) => {
      const audience = with_id(params.id);
      return refuse(request) ?? (audience ? HttpResponse.json(audience) : missing());
    }),
    http.post("*/api/v1/audiences", async ({ request }) => {
      const { name, rule = "" } = (await request.json()) as Schema["NewAudience"];
      if (audiences.some((each) => each.name === name)) {
        return problem({ status: 409, code: "audience.name_taken" });
      }
      const made: Audience = {
        id: 100 + audiences.length,
        name,
        rule,
        tree: treeOf(rule) as unknown as Audience["tree"],
        version: 1,
        changed_at: AT,
        changed_by: "user:1 zhang.wei",
        used_by: [],
        versions: [{ version: 1, name, rule, at: AT, by: "user:1 zhang.wei" }],
      };
      audiences = [...audiences, made];
      return refuse(request) ?? HttpResponse.json(made, { status: 201 });
    }),
    http.put("*/api/v1/audiences/:id", async ({ params, request }) => {
      const { name, rule, version } = (await request.json()) as Schema["AudienceChange"];
      const audience = with_id(params.id);
      if (!audience) return missing();
      if (version !== audience.version) {
        return problem({ status: 409, code: "audience.version_differs" });
      }
      const next: Audience = {
        ...audience,
        name: name ?? audience.name,
        rule: rule ?? audience.rule,
        tree: treeOf(rule ?? audience.rule) as unknown as Audience["tree"],
      };
      if (next.name !== audience.name || next.rule !== audience.rule) {
        next.version = version + 1;
        next.versions = [versionOf(next, { at: AT, by: "user:1 zhang.wei" }), ...audience.versions];
      }
      audiences = audiences.map((each) => (each.id === next.id ? next : each));
      return refuse(request) ?? HttpResponse.json(next);
    }),
    http.delete("*/api/v1/audiences/:id", ({ params, request }) => {
      const audience = with_id(params.id);
      if (!audience) return missing();
      if (new URL(request.url).searchParams.get("version") !== String(audience.version)) {
        return problem({ status: 409, code: "audience.version_differs" });
      }
      if (audience.used_by.length > 0) {
        return problem({ status: 409, code: "audience.in_use", users: audience.used_by });
      }
      audiences = audiences.filter((each) => each !== audience);
      return refuse(request) ?? new HttpResponse(null, { status: 204 });
    }),
  ];
}
