// A rule as one sentence in the reader's language, for people who did not write it. The words of
// the rule are what counts: nothing is read back from a sentence.
import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";
import { labelAmong } from "@/text/label";
import type {
  AttributeTest,
  Chain,
  Did,
  FirstLast,
  Literal,
  Measure,
  Membership,
  RuleNode,
  Sequence,
  Step,
  Then,
  Window,
} from "./tree";

export interface Speaker {
  // Words of the locale, by their key.
  say(key: string, values?: Record<string, unknown>): string;
  valueText(value: unknown, type: Schema["ValueType"] | undefined): string;
  names: Names | undefined;
  language: string;
}

// What tests are about: attributes of customers, or properties of an event.
interface About extends Speaker {
  subjects: Names["attributes"];
}

export function sentenceOf(node: RuleNode, speaker: Speaker): string {
  return phrase(node, { ...speaker, subjects: speaker.names?.attributes ?? [] });
}

function phrase(node: RuleNode, about: About): string {
  const { say } = about;
  switch (node.type) {
    case "everyone":
      return say("sentence.everyone");
    case "and":
    case "or":
      return chain(node, about);
    case "not":
      return isMembership(node.part)
        ? membership(node.part, about, "not_")
        : say("sentence.not", { part: phrase(node.part, about) });
    case "held":
      return say("sentence.held", {
        part: inner(node.part, about),
        duration: durationText(node.duration, about),
      });
    case "relation": {
      const key = `sentence.${node.name === undefined ? "any_" : ""}${node.relation}`;
      return say(key, { name: quoted(node.name ?? "", about) });
    }
    case "stage": {
      const stages = (node.stages ?? []).map((stage) => quoted(stage, about));
      const values = { model: quoted(node.model, about), stages: listed(stages, about) };
      return say(`sentence.stage.${node.test}`, values);
    }
    case "balance":
      return compared(
        say("sentence.balance", { asset: quoted(node.asset, about) }),
        node.comparison,
        literalText(node.value, "decimal", about),
        about,
      );
    case "did":
      return did(node, about);
    case "first":
    case "last":
      return firstLast(node, about);
    case "sequence":
      return sequence(node, about);
    case "words":
      return node.text;
    default:
      return isMembership(node) ? membership(node, about, "") : attribute(node, about);
  }
}

function chain({ type, parts }: Chain, about: About): string {
  return parts.map((part) => inner(part, about)).join(about.say(`sentence.${type}`));
}

// Within something else: what is joined stands in brackets.
function inner(node: RuleNode, about: About): string {
  const text = phrase(node, about);
  if (node.type !== "and" && node.type !== "or") return text;
  return about.say("sentence.brackets", { part: text });
}

const quoted = (text: string, { say }: About) => say("sentence.quoted", { text });
const listed = (texts: readonly string[], { say }: About) => texts.join(say("value.separator"));

// --- who carries what ----------------------------------------------------------------------------

const MEMBERSHIPS = ["tag", "any_tag", "audience", "consents", "identity"];

function isMembership(node: RuleNode): node is Membership {
  return MEMBERSHIPS.includes(node.type);
}

function membership(test: Membership, about: About, not: "" | "not_"): string {
  const { say } = about;
  switch (test.type) {
    case "tag":
      return say(`sentence.${not}tag`, { name: quoted(test.tag, about) });
    case "any_tag":
      return say(`sentence.${not}any_tag`, { name: quoted(test.group, about) });
    case "audience":
      return say(`sentence.${not}audience`, { name: quoted(test.audience, about) });
    case "consents": {
      const on = test.channel === undefined ? "" : "_on";
      const channel = test.channel ?? "";
      return say(`sentence.${not}consents${on}`, { name: quoted(test.purpose, about), channel });
    }
    case "identity":
      return say(`sentence.${not}identity`, { name: quoted(test.kind, about) });
  }
}

// --- attributes and properties -------------------------------------------------------------------

function typeOf(name: string, { subjects }: About): Schema["ValueType"] | undefined {
  return subjects.find((each) => each.name === name)?.type;
}

// An attribute or a property, as the workspace calls it.
function called(name: string, { subjects, language }: About): string {
  return labelAmong(subjects, name, language);
}

// "3000" of money "¥3,000"; texts in quotation marks; moments as they are written.
function literalText(value: Literal, type: Schema["ValueType"] | undefined, about: About): string {
  if (value.text !== undefined) return quoted(value.text, about);
  if (value.bool !== undefined) return about.valueText(value.bool, "bool");
  if (value.number !== undefined) return about.valueText(value.number, type ?? "decimal");
  if (value.parameter !== undefined) return `$${value.parameter}`;
  return (value.moment ?? value.date ?? "").replace("T", " ").replace(/^--/, "");
}

function compared(name: string, comparison: string, value: string, { say }: About): string {
  return say(`sentence.compared.${comparison}`, { name, value });
}

function attribute(test: AttributeTest, about: About): string {
  const { say } = about;
  const name = called(test.name, about);
  const type = typeOf(test.name, about);
  switch (test.type) {
    case "compare":
      return compared(name, test.comparison, literalText(test.value, type, about), about);
    case "in": {
      const values = test.values.map((value) => literalText(value, type, about));
      return say("sentence.in", { name, values: listed(values, about) });
    }
    case "between": {
      const [low, high] = [test.low, test.high].map((each) => literalText(each, type, about));
      return say("sentence.between", { name, low, high });
    }
    case "known":
      return say(test.known ? "sentence.known" : "sentence.unknown", { name });
    case "match":
      return say(`sentence.match.${test.match}`, { name, text: quoted(test.text, about) });
    case "window":
      return say("sentence.lies", { name, when: windowText(test.window, about) });
    case "anniversary": {
      const duration = durationText(test.duration ?? "", about);
      return say(`sentence.anniversary.${test.range}`, { name, duration });
    }
  }
}

// --- when ----------------------------------------------------------------------------------------

// "30d"
function durationText(duration: string, { say }: About): string {
  const [, count = "", unit = ""] = /^(\d+)(\D+)$/.exec(duration) ?? [];
  return unit === "" ? duration : say(`sentence.duration.${unit}`, { count: Number(count) });
}

function windowText(window: Window, about: About): string {
  const { say } = about;
  const moment = (value: Literal) => literalText(value, "time", about);
  switch (window.type) {
    case "in_last":
    case "in_next":
      return say(`sentence.window.${window.type}`, {
        duration: durationText(window.duration, about),
      });
    case "in_this":
      return say(`sentence.this.${window.unit}`);
    case "in_previous":
      return say(`sentence.previous.${window.unit}`, { count: window.count });
    case "between":
      return say("sentence.window.between", { from: moment(window.from), to: moment(window.to) });
    case "before":
    case "since":
      return say(`sentence.window.${window.type}`, { moment: moment(window.moment) });
    case "from_to_ago": {
      const [from, to] = [window.from, window.to].map((each) => durationText(each, about));
      return say("sentence.window.from_to_ago", { from, to });
    }
    default:
      return say(`sentence.window.${window.type}`);
  }
}

// --- events --------------------------------------------------------------------------------------

// The same words, about what an event of this name has.
function aboutEvent(event: string, about: About): About {
  const own = about.names?.events.find(({ name }) => name === event)?.properties;
  return { ...about, subjects: own ?? [] };
}

function step({ event, where }: Step, about: About): string {
  const { say, names, language } = about;
  const name = quoted(labelAmong(names?.events, event, language), about);
  if (!where) return name;
  return say("sentence.where", { event: name, filter: phrase(where, aboutEvent(event, about)) });
}

function measureText(measure: Measure, event: string, about: About): string {
  const { say } = about;
  if (measure.type === "times" || measure.type === "days") {
    const count = measure.type === "times" ? measure.times : measure.days;
    const much = say(`sentence.much.${measure.comparison}`, { value: count });
    return say(`sentence.measure.${measure.type}`, { much, count });
  }
  const of = aboutEvent(event, about);
  const type = measure.type === "distinct" ? "int" : typeOf(measure.property, of);
  const much = say(`sentence.much.${measure.comparison}`, {
    value: literalText(measure.value, type, about),
  });
  const property = called(measure.property, of);
  return say(`sentence.measure.${measure.type}`, { property, much });
}

function did(node: Did, about: About): string {
  const how = node.measure ? measureText(node.measure, node.event, about) : undefined;
  const when = node.window ? windowText(node.window, about) : undefined;
  const key = `sentence.${node.not ? "did_not" : "did"}${how ? "_how" : ""}${when ? "_when" : ""}`;
  return about.say(key, { event: step(node, about), how, when });
}

function firstLast(node: FirstLast, about: About): string {
  const when = node.window ? windowText(node.window, about) : undefined;
  const one = about.say(`sentence.${node.type}${when ? "_when" : ""}`, {
    event: step(node, about),
    when,
  });
  if (!node.with) return one;
  const filter = phrase(node.with, aboutEvent(node.event, about));
  return about.say("sentence.with", { one, filter });
}

function then(part: Then, about: About): string {
  const event = step(part, about);
  return part.same === undefined
    ? event
    : about.say("sentence.same", {
        event,
        property: called(part.same, aboutEvent(part.event, about)),
      });
}

function sequence({ steps, then_not, window }: Sequence, about: About): string {
  const { say } = about;
  const within = ({ within: gap }: Then) => (gap === undefined ? "" : "_within");
  const follows = (part: Then, not: "" | "_not") =>
    say(`sentence.then${not}${within(part)}`, {
      event: then(part, about),
      duration: part.within === undefined ? "" : durationText(part.within, about),
    });
  const [first, ...rest] = steps;
  const all = [
    first ? say("sentence.first_step", { event: then(first, about) }) : "",
    ...rest.map((part) => follows(part, "")),
    ...(then_not ? [follows(then_not, "_not")] : []),
  ].join("");
  if (!window) return all;
  return say("sentence.all_of_it", { sequence: all, when: windowText(window, about) });
}
