import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter, type Changed } from "@/api/changed";
import type { Schema } from "@/api/client";

// Something is changed, and what was known of `about`, and of what depends on it, is asked again.
// The new answer is here before the mutation ends.
export function useChange<Asked, Answer>(
  about: Changed,
  change: (asked: Asked) => Promise<Answer>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => askAgainAfter(client, about),
  });
}

// What an event, an attribute or a property is called, and whether it is personal: names and masks
// follow.
export function useNoteChange(
  about: "attributes" | "event-types",
  change: (note: Schema["FieldNoteChange"]) => Promise<Schema["FieldNote"] | Schema["EventLabel"]>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => askAgainAfter(client, about),
  });
}
