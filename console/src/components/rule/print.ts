// A tree in the canonical spelling of the language, as src/audience/print.cpp writes it. The
// program reads what is written here and has the last word.
import { spelled } from "@/text/token";
import type {
  AttributeTest,
  Did,
  FirstLast,
  Literal,
  Measure,
  RuleNode,
  Sequence,
  Step,
  Then,
  Window,
} from "./tree";

const quoted = (text: string) => spelled(text, true);
const named = (name: string) => spelled(name, false);

export function print(node: RuleNode): string {
  switch (node.type) {
    case "everyone":
      return "everyone";
    case "and":
    case "or":
      return node.parts
        .map((part) => (isWhole(part) ? print(part) : `(${print(part)})`))
        .join(` ${node.type} `);
    case "not":
      return node.part.type === "and" || !isWhole(node.part)
        ? `not (${print(node.part)})`
        : `not ${print(node.part)}`;
    case "held":
      return `held(${print(node.part)}, ${node.duration})`;
    case "tag":
      return `tag ${quoted(node.tag)}`;
    case "any_tag":
      return `tag any of ${quoted(node.group)}`;
    case "audience":
      return `audience ${quoted(node.audience)}`;
    case "consents":
      return `consents to ${quoted(node.purpose)}${
        node.channel === undefined ? "" : ` on ${quoted(node.channel)}`
      }`;
    case "identity":
      return `identity on ${quoted(node.kind)}`;
    case "relation": {
      const relation = node.relation === "friend" ? "friend of" : node.relation;
      return `${relation} ${node.name === undefined ? "any" : quoted(node.name)}`;
    }
    case "stage":
      return `stage ${quoted(node.model)} ${stageTest(node.test, node.stages ?? [])}`;
    case "balance":
      return `balance ${quoted(node.asset)} ${node.comparison} ${literal(node.value)}`;
    case "did":
      return didText(node);
    case "first":
    case "last":
      return firstLast(node);
    case "sequence":
      return sequence(node);
    case "words":
      return node.text.trim();
    default:
      return attribute(node);
  }
}

// Whether it can stand in a chain as it is.
function isWhole(node: RuleNode): boolean {
  if (node.type === "or") return false;
  return node.type !== "words" || node.text === node.given;
}

function stageTest(test: string, stages: readonly string[]): string {
  if (test === "known" || test === "unknown") return `is ${test}`;
  const written = stages.map(quoted).join(", ");
  return test === "in" ? `in (${written})` : `${test} ${written}`;
}

export function literal(value: Literal): string {
  if (value.text !== undefined) return quoted(value.text);
  if (value.bool !== undefined) return String(value.bool);
  if (value.parameter !== undefined) return `$${value.parameter}`;
  return value.number ?? value.moment ?? value.date ?? "";
}

function attribute(test: AttributeTest): string {
  const name = named(test.name);
  switch (test.type) {
    case "compare":
      return `${name} ${test.comparison} ${literal(test.value)}`;
    case "in":
      return `${name} in (${test.values.map(literal).join(", ")})`;
    case "between":
      return `${name} between ${literal(test.low)} and ${literal(test.high)}`;
    case "known":
      return `${name} is ${test.known ? "known" : "unknown"}`;
    case "match":
      return `${name} ${test.match.replace("_", " ")} ${quoted(test.text)}`;
    case "window":
      return `${name} ${windowText(test.window)}`;
    case "anniversary":
      return `${name} anniversary ${
        test.range === "today" ? "today" : `in ${test.range} ${test.duration ?? ""}`
      }`;
  }
}

function windowText(window: Window): string {
  switch (window.type) {
    case "in_last":
      return `in last ${window.duration}`;
    case "in_next":
      return `in next ${window.duration}`;
    case "in_this":
      return `in this ${window.unit}`;
    case "in_previous":
      return `in previous ${window.count} ${window.unit}${window.count === 1 ? "" : "s"}`;
    case "between":
      return `between ${literal(window.from)} and ${literal(window.to)}`;
    case "before":
    case "since":
      return `${window.type} ${literal(window.moment)}`;
    case "from_to_ago":
      return `from ${window.from} to ${window.to} ago`;
    default:
      return window.type;
  }
}

const tail = (window: Window | undefined) => (window ? ` ${windowText(window)}` : "");

function step({ event, where }: Step): string {
  return named(event) + (where ? ` where (${print(where)})` : "");
}

function measureText(measure: Measure | undefined): string {
  if (!measure) return "";
  if (measure.type === "times") return ` ${measure.comparison} ${measure.times} times`;
  if (measure.type === "days") return ` on ${measure.comparison} ${measure.days} days`;
  const { type, property, comparison, value } = measure;
  return ` ${type}(${named(property)}) ${comparison} ${literal(value)}`;
}

function didText(node: Did): string {
  const words = `${step(node)}${measureText(node.measure)}${tail(node.window)}`;
  return `did ${node.not ? "not " : ""}${words}`;
}

function firstLast(node: FirstLast): string {
  const filter = node.with ? ` with (${print(node.with)})` : "";
  return `${node.type} ${step(node)}${filter}${tail(node.window)}`;
}

function then(part: Then): string {
  const within = part.within === undefined ? "" : ` within ${part.within}`;
  return step(part) + within + (part.same === undefined ? "" : ` same(${named(part.same)})`);
}

function sequence({ steps, then_not, window }: Sequence): string {
  const last = then_not ? ` then not ${then(then_not)}` : "";
  return `did ${steps.map(then).join(" then ")}${last}${tail(window)}`;
}
