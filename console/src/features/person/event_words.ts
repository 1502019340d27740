import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";

export function propertyTypes(
  names: Names | undefined,
  event: string,
): Record<string, Schema["ValueType"]> {
  const properties = names?.events.find((each) => each.name === event)?.properties ?? [];
  return Object.fromEntries(properties.map(({ name, type }) => [name, type]));
}

interface Change {
  changed: string;
  from: unknown;
  to: unknown;
}

const PROPERTIES_OF_CHANGES = ["changed", "from", "to", "by", "ref"];

// What the program itself has written of a change of the record; who did it and by which row stands
// in the audit. Null: an event of the shop.
export function changeOf({
  event,
  properties,
}: Pick<Schema["Event"], "event" | "properties">): Change | null {
  const known = Object.keys(properties).every((name) => PROPERTIES_OF_CHANGES.includes(name));
  const { changed, from, to } = properties as Record<string, unknown>;
  if (!known || (changed === undefined && event !== "customer_created")) return null;
  return { changed: changed === undefined ? "" : String(changed), from, to };
}

const WHO_AND_WHERE = ["by", "ref"];

// What else is told of an event. A consent is written with its proof, and like every change with
// who did it and by which row.
export function detailsOf({ properties }: Pick<Schema["Event"], "properties">) {
  const all = Object.entries(properties);
  if (!("changed" in properties)) return all;
  return all.filter(([name]) => !WHO_AND_WHERE.includes(name));
}

// Somebody came into an audience, left it, or changed stage: recorded by the program itself.
// `found`: where a correction puts them.
export type Move =
  | { kind: "audience"; id: number; name: string; found: "in" | "out" | null }
  | { kind: "stage"; model: string; from: string; to: string };

const AUDIENCE_MOVES = ["audience_entered", "audience_left", "audience_corrected"];

export function moveOf({
  event,
  properties,
}: Pick<Schema["Event"], "event" | "properties">): Move | null {
  const { audience, audience_id, model, from, to } = properties as Record<string, unknown>;
  if (AUDIENCE_MOVES.includes(event) && typeof audience_id === "number") {
    const corrected = event === "audience_corrected" && (to === "in" || to === "out");
    return {
      kind: "audience",
      id: audience_id,
      name: String(audience),
      found: corrected ? to : null,
    };
  }
  if (event === "stage_changed" && typeof model === "string") {
    return { kind: "stage", model, from: String(from ?? ""), to: String(to ?? "") };
  }
  return null;
}

// "from → to", as far as there is one.
export function changeText({ from, to }: Change, textOf: (value: unknown) => string): string {
  return [from, to]
    .filter((value) => value !== undefined && value !== null)
    .map(textOf)
    .join(" → ");
}
