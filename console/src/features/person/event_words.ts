import type { Schema } from "@/api/client";
import type { Names } from "@/api/names";

// The event's label in the reader's language, its name where it has none.
export function eventLabel(names: Names | undefined, name: string, language: string): string {
  const event = names?.events.find((each) => each.name === name);
  return (language.startsWith("zh") ? event?.label_zh : event?.label_en) || name;
}

export function propertyTypes(
  names: Names | undefined,
  event: string,
): Record<string, Schema["ValueType"]> {
  const properties = names?.events.find((each) => each.name === event)?.properties ?? [];
  return Object.fromEntries(properties.map(({ name, type }) => [name, type]));
}
