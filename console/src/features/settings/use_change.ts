import { useMutation, useQueryClient } from "@tanstack/react-query";

// Something is changed, and what was known of `about` is asked for again. The new answer is here
// before the mutation ends.
export function useChange<Asked, Answer>(about: string, change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [about] }),
  });
}
