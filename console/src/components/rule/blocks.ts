// A rule as blocks: the tree, with words in place of what has no block of its own. Printing it
// gives the same rule back.
import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";
import { dayFromNow } from "@/text/days";
import { print } from "./print";
import type { AttributeTest, Literal, Measure, RuleNode, Step, Window } from "./tree";

export function toBlocks(node: RuleNode): RuleNode {
  switch (node.type) {
    case "and":
    case "or":
      return { type: node.type, parts: node.parts.map(toBlocks) };
    case "not":
      return { type: "not", part: toBlocks(node.part) };
    case "did":
    case "first":
    case "last":
      if (!hasBlock(node)) return asWords(node);
      return node.type === "did"
        ? { ...node, ...stepBlocks(node) }
        : {
            ...node,
            ...stepBlocks(node),
            ...(node.with ? { with: toBlocks(node.with) } : {}),
          };
    case "sequence": {
      if (!hasBlock(node)) return asWords(node);
      const { then_not } = node;
      return {
        ...node,
        steps: node.steps.map((step) => ({ ...step, ...stepBlocks(step) })),
        ...(then_not ? { then_not: { ...then_not, ...stepBlocks(then_not) } } : {}),
      };
    }
    default:
      return hasBlock(node) ? node : asWords(node);
  }
}

const stepBlocks = ({ where }: Step) => (where ? { where: toBlocks(where) } : {});

export function asWords(node: RuleNode): RuleNode {
  if (node.type === "words") return node;
  const text = print(node);
  return { type: "words", text, given: text };
}

// Not: what no page knows the names of (relations, stages, balances), held(…), and what speaks of a
// journey's parameters.
function hasBlock(node: RuleNode): boolean {
  switch (node.type) {
    case "held":
    case "relation":
    case "stage":
    case "balance":
      return false;
    case "compare":
      return isFixed(node.value);
    case "in":
      return node.values.every(isFixed);
    case "between":
      return isFixed(node.low) && isFixed(node.high);
    case "window":
      return isFixedWindow(node.window);
    case "did":
      return isFixedWindow(node.window) && isFixedMeasure(node.measure);
    case "first":
    case "last":
    case "sequence":
      return isFixedWindow(node.window);
    default:
      return true;
  }
}

const isFixed = (value: Literal) => value.parameter === undefined;

function isFixedWindow(window: Window | undefined): boolean {
  if (window?.type === "between") return isFixed(window.from) && isFixed(window.to);
  if (window?.type === "before" || window?.type === "since") return isFixed(window.moment);
  return true;
}

const isFixedMeasure = (measure: Measure | undefined) =>
  !measure || !("value" in measure) || isFixed(measure.value);

// --- what a new block begins as ------------------------------------------------------------------

export const KINDS = [
  "did",
  "did_not",
  "first",
  "last",
  "sequence",
  "attribute",
  "tag",
  "any_tag",
  "audience",
  "consents",
  "identity",
  "everyone",
  "words",
] as const;
export type Kind = (typeof KINDS)[number];

const ATTRIBUTE_TESTS = ["compare", "in", "between", "known", "match", "window", "anniversary"];

export function kindOf(node: RuleNode): Kind {
  if (node.type === "did") return node.not ? "did_not" : "did";
  if (ATTRIBUTE_TESTS.includes(node.type)) return "attribute";
  return (KINDS as readonly string[]).includes(node.type) ? (node.type as Kind) : "words";
}

// Kinds there is something to choose for.
export function kindsFor(names: Names): readonly Kind[] {
  const there: Partial<Record<Kind, boolean>> = {
    did: names.events.length > 0,
    attribute: names.attributes.length > 0,
    tag: names.tags.length > 0,
    any_tag: names.tag_groups.length > 0,
    audience: names.audiences.length + names.lists.length > 0,
    consents: names.purposes.length > 0,
    identity: names.identity_kinds.length > 0,
  };
  for (const kind of ["did_not", "first", "last", "sequence"] as const) {
    there[kind] = there.did ?? false;
  }
  return KINDS.filter((kind) => there[kind] ?? true);
}

const WINDOW: Window = { type: "in_last", duration: "30d" };
const FIRST_EVENT = "order_paid";

// A sound test of this kind about the first thing there is.
export function newTest(kind: Kind, names: Names): RuleNode {
  const event =
    names.events.find(({ name }) => name === FIRST_EVENT)?.name ?? names.events[0]?.name ?? "";
  switch (kind) {
    case "did":
      return { type: "did", event, window: WINDOW };
    case "did_not":
      return { type: "did", not: true, event, window: WINDOW };
    case "first":
    case "last":
      return { type: kind, event, window: WINDOW };
    case "sequence":
      return { type: "sequence", steps: [{ event }, { event, within: "30d" }] };
    case "attribute":
      return newAttributeTest(names.attributes);
    case "tag":
      return { type: "tag", tag: names.tags[0] ?? "" };
    case "any_tag":
      return { type: "any_tag", group: names.tag_groups[0] ?? "" };
    case "audience":
      return { type: "audience", audience: names.audiences[0] ?? names.lists[0] ?? "" };
    case "consents":
      return { type: "consents", purpose: names.purposes[0] ?? "" };
    case "identity":
      return { type: "identity", kind: names.identity_kinds[0] ?? "" };
    case "everyone":
      return { type: "everyone" };
    case "words":
      return { type: "words", text: "everyone" };
  }
}

export function newAttributeTest(subjects: Names["attributes"]): AttributeTest {
  return { type: "known", name: subjects[0]?.name ?? "", known: true };
}

// --- values --------------------------------------------------------------------------------------

type ValueType = Schema["ValueType"];

// What is written in the field of a value.
export function draftOfLiteral(value: Literal): string {
  if (value.bool !== undefined) return String(value.bool);
  return value.text ?? value.number ?? value.moment ?? value.date ?? "";
}

// Without a type (a name nobody has declared) the kind stays as it was.
export function literalOf(
  draft: string,
  type: ValueType | undefined,
  before: Literal = { text: "" },
): Literal {
  if (type === "bool") return { bool: draft === "true" };
  if (type === "text" || type === "text_list") return { text: draft };
  if (type === "time" || type === "date") return momentOf(draft);
  if (type !== undefined || before.number !== undefined) return { number: draft };
  if (before.moment !== undefined || before.date !== undefined) return momentOf(draft);
  return before.bool === undefined ? { text: draft } : { bool: draft === "true" };
}

export function momentOf(draft: string): Literal {
  return draft.includes("T") ? { moment: draft } : { date: draft };
}

// Of a moment nobody has chosen yet.
const DAYS_BACK = 30;

export function firstLiteral(type: ValueType | undefined): Literal {
  if (type === "bool") return { bool: true };
  if (type === "text" || type === "text_list" || type === undefined) return { text: "" };
  if (type === "time" || type === "date") return { date: dayFromNow(-DAYS_BACK) };
  return { number: "0" };
}
