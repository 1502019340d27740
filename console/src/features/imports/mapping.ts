// A mapping as the program reads it (docs/import.md), and its changes; the program says what is
// wrong with one. Pure.
import type { Schema } from "@/api/client";

export const KINDS = ["customers", "events", "orders"] as const;
export const USES = ["ignored", "attribute", "property", "tags", "identity", "consent"] as const;
export const FORMATS = ["auto", "iso", "unix_s", "unix_ms", "excel"] as const;
export const TESTS = ["is", "is_not", "contains", "empty", "filled", "above", "below"] as const;
export const PRODUCT_TYPES = ["money", "decimal", "int"] as const;
// Names of kinds of identity and of properties in every workspace.
const CUSTOMER = "customer";
const FIRST_EVENT = "order_paid";

export type Kind = (typeof KINDS)[number];
export type Use = (typeof USES)[number];
export type Test = (typeof TESTS)[number];
export type ValueType = Schema["ValueType"];

export interface MappedColumn {
  column: string;
  as: Use;
  name?: string;
  type?: ValueType;
  split?: string;
}

export interface Condition {
  column: string;
  test: Test;
  values?: string[];
}

export interface MappedTime {
  columns: string[];
  format?: (typeof FORMATS)[number];
}

export interface MappedEvent {
  event?: string;
  event_column?: string;
  when?: Condition[];
  time?: MappedTime;
  amount?: string;
}

export interface Constant {
  name: string;
  value: string;
  type?: ValueType;
}

export interface Product {
  name: string;
  type?: ValueType;
  factors: [string, string];
}

export interface Mapping {
  kind: Kind;
  columns?: MappedColumn[];
  constants?: Constant[];
  products?: Product[];
  leave_out?: Condition[];
  since?: MappedTime;
  apart?: string[];
  events?: MappedEvent[];
  key?: string[];
  order?: string;
  // False: the first row is one like the others, and columns are #1, #2 …
  header?: boolean;
}

// What a column may be in a file of this kind.
export function usesOf(kind: Kind): readonly Use[] {
  return kind === "customers"
    ? USES.filter((use) => use !== "property")
    : ["ignored", "property", "identity"];
}

export function columnOf(mapping: Mapping, column: string): MappedColumn {
  const mapped = mapping.columns?.find((each) => each.column === column);
  return mapped ?? { column, as: "ignored" };
}

// The list with the one at `index` changed; null takes it out.
export function changed<T>(list: readonly T[] | undefined, index: number, next: T | null): T[] {
  const all = list ?? [];
  if (next !== null && index >= all.length) return [...all, next];
  return all.flatMap((each, at) => (at === index ? (next === null ? [] : [next]) : [each]));
}

// A member that says nothing is not there.
export function withMember<T extends object, K extends keyof T>(
  of: T,
  member: K,
  value: T[K] | undefined,
): T {
  const { [member]: _before, ...rest } = of;
  const says = value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
  return (says ? { ...rest, [member]: value } : rest) as T;
}

const nameIn = (use: Use, column: MappedColumn) => {
  if (use === "identity") return CUSTOMER;
  if (use === "consent") return "marketing";
  return column.as === "attribute" || column.as === "property"
    ? (column.name ?? column.column)
    : column.column;
};

export function withUse(mapping: Mapping, column: string, use: Use): Mapping {
  const before = columnOf(mapping, column);
  const typed = use === "attribute" || use === "property";
  return withColumn(mapping, {
    column,
    as: use,
    ...(use === "ignored" ? {} : { name: nameIn(use, before) }),
    ...(typed && before.type ? { type: before.type } : {}),
  });
}

export function withColumn(mapping: Mapping, column: MappedColumn): Mapping {
  const index = mapping.columns?.findIndex((each) => each.column === column.column) ?? -1;
  const at = index < 0 ? (mapping.columns?.length ?? 0) : index;
  return withMember(mapping, "columns", changed(mapping.columns, at, column));
}

// The identity is looked at before all others.
export function withFirstIdentity(mapping: Mapping, column: string): Mapping {
  const rest = (mapping.columns ?? []).filter((each) => each.column !== column);
  return { ...mapping, columns: [columnOf(mapping, column), ...rest] };
}

export function withKind(mapping: Mapping, kind: Kind, timeColumn: string): Mapping {
  const allowed = usesOf(kind);
  let next: Mapping = { ...mapping, kind };
  for (const { column, as } of mapping.columns ?? []) {
    if (allowed.includes(as)) continue;
    const use = as === "attribute" ? "property" : as === "property" ? "attribute" : "ignored";
    next = withUse(next, column, use);
  }
  if (kind === "customers") {
    const { events: _events, key: _key, order: _order, ...rest } = next;
    return rest;
  }
  const { since: _since, apart: _apart, ...rest } = next;
  const events = rest.events?.map((event) =>
    kind === "orders" && event.event_column !== undefined
      ? { ...withMember(event, "event_column", undefined), event: FIRST_EVENT }
      : event,
  );
  next = { ...rest, events: events ?? [newEvent(timeColumn)] };
  return kind === "orders"
    ? withMember(next, "key", undefined)
    : withMember(next, "order", undefined);
}

export function newEvent(timeColumn: string): MappedEvent {
  return { event: FIRST_EVENT, time: { columns: [timeColumn] } };
}

export const needsValues = (test: Test) => test !== "empty" && test !== "filled";

// What a column is besides what it is mapped as: the parts of the mapping that read it.
export type Reader = "time" | "amount" | "event" | "since" | "order" | "key" | "factor";

export function readersOf(mapping: Mapping, column: string): Reader[] {
  const readers: Reader[] = [];
  const add = (reader: Reader, columns: readonly (string | undefined)[]) => {
    if (columns.includes(column)) readers.push(reader);
  };
  for (const { event, event_column, time, amount } of mapping.events ?? []) {
    add("time", time?.columns ?? []);
    add("amount", [amount]);
    add("event", [event === undefined ? event_column : undefined]);
  }
  add("since", mapping.since?.columns ?? []);
  add("order", [mapping.order]);
  add("key", mapping.key ?? []);
  add("factor", mapping.products?.flatMap(({ factors }) => factors) ?? []);
  return [...new Set(readers)];
}
