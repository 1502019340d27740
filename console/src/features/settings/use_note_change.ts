import type { Schema } from "@/api/client";
import { useChange } from "@/api/use_change";

// What an event, an attribute or a property is called, and whether it is personal: names and masks
// follow.
export function useNoteChange(
  about: "attributes" | "event-types",
  change: (note: Schema["FieldNoteChange"]) => Promise<Schema["FieldNote"] | Schema["EventLabel"]>,
) {
  return useChange(about, change);
}
