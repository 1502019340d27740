// What holds the parts of an explained node together, read from its canonical spelling: `rule` of a
// node is made of the `rule` of its parts.
import type { Schema } from "@/api/client";

export type NodeKind = "all" | "any" | "not" | "held" | "single";

export function kindOf({ rule, parts }: Pick<Schema["ExplainedNode"], "rule" | "parts">): NodeKind {
  const [first, second] = parts;
  if (!first) return "single";
  if (second) {
    const from = rule.indexOf(first.rule) + first.rule.length;
    const between = rule.slice(from, rule.indexOf(second.rule, from));
    return /^\)?\s+or\s+\(?/.test(between) ? "any" : "all";
  }
  if (rule.startsWith("held(")) return "held";
  return rule.startsWith("not ") ? "not" : "single";
}
