// The tree of a rule as the program gives it (src/audience/tree.h): what blocks are made of. Ids
// beside names are left out: a rule is sent as its words.

export const COMPARISONS = ["=", "!=", ">", ">=", "<", "<="] as const;
export type Comparison = (typeof COMPARISONS)[number];
export const UNITS = ["day", "week", "month", "quarter", "year"] as const;
export type Unit = (typeof UNITS)[number];
export const AGGREGATES = ["sum", "avg", "min", "max", "distinct"] as const;
export type Aggregate = (typeof AGGREGATES)[number];

// As it is written: one member, its kind.
export interface Literal {
  number?: string;
  text?: string;
  bool?: boolean;
  moment?: string;
  date?: string;
  parameter?: string;
}

export type Window =
  | { type: "in_last" | "in_next"; duration: string }
  | { type: "in_this"; unit: Unit }
  | { type: "in_previous"; count: number; unit: Unit }
  | { type: "today" | "yesterday" }
  | { type: "between"; from: Literal; to: Literal }
  | { type: "before" | "since"; moment: Literal }
  | { type: "from_to_ago"; from: string; to: string };

export type Measure =
  | { type: "times"; comparison: Comparison; times: number }
  | { type: "days"; comparison: Comparison; days: number }
  | { type: Aggregate; property: string; comparison: Comparison; value: Literal };

export interface Step {
  event: string;
  where?: RuleNode;
}

export interface Then extends Step {
  within?: string;
  same?: string;
}

export type AttributeTest =
  | { type: "compare"; name: string; comparison: Comparison; value: Literal }
  | { type: "in"; name: string; values: Literal[] }
  | { type: "between"; name: string; low: Literal; high: Literal }
  | { type: "known"; name: string; known: boolean }
  | { type: "match"; name: string; match: "contains" | "starts_with" | "ends_with"; text: string }
  | { type: "window"; name: string; window: Window }
  | { type: "anniversary"; name: string; range: "today" | "next" | "last"; duration?: string };

export type Membership =
  | { type: "tag"; tag: string }
  | { type: "any_tag"; group: string }
  | { type: "audience"; audience: string }
  | { type: "consents"; purpose: string; channel?: string }
  | { type: "identity"; kind: string };

export interface Did extends Step {
  type: "did";
  not?: boolean;
  measure?: Measure;
  window?: Window;
}

export interface FirstLast extends Step {
  type: "first" | "last";
  with?: RuleNode;
  window?: Window;
}

export interface Sequence {
  type: "sequence";
  steps: Then[];
  then_not?: Then;
  window?: Window;
}

export interface Chain {
  type: "and" | "or";
  parts: RuleNode[];
}

// A test as it was written, where it has no block or somebody writes it. `given`: the words it came
// with, which need no parentheses.
export interface Words {
  type: "words";
  text: string;
  given?: string;
}

export type RuleNode =
  | Chain
  | { type: "not"; part: RuleNode }
  | { type: "held"; part: RuleNode; duration: string }
  | { type: "everyone" }
  | AttributeTest
  | Membership
  | { type: "relation"; relation: "group" | "follows" | "friend" | "coupon"; name?: string }
  | {
      type: "stage";
      model: string;
      test: "=" | "!=" | "in" | "known" | "unknown";
      stages?: string[];
    }
  | { type: "balance"; asset: string; comparison: Comparison; value: Literal }
  | Did
  | FirstLast
  | Sequence
  | Words;
