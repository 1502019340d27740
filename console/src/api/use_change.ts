import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter, type Changed } from "./changed";

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
