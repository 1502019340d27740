// The columns a table or a file of customers can have beside the key, by the program's names.
import type { Names } from "@/api/names";

export const OWN_COLUMNS = [
  "tags",
  "lists",
  "created_at",
  "first_event_at",
  "last_event_at",
  "orders",
  "net",
] as const;
export const ATTRIBUTE = "attribute:";
export const IDENTITY = "identity:";

// The program takes no more at once.
export const COLUMNS_MAX = 50;

// All there are, of this workspace: perhaps more than can be asked for at once.
export function columnsFor(names: Names | undefined): string[] {
  return [
    ...(names?.identity_kinds ?? []).map((kind) => IDENTITY + kind),
    ...OWN_COLUMNS,
    ...(names?.attributes ?? []).map(({ name }) => ATTRIBUTE + name),
  ];
}
