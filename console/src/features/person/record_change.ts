// A change of one person's record: what failed is said, and the record is read anew before it ends.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter } from "@/api/changed";
import { useNotices } from "@/components/notices";
import { useProblemText } from "@/components/problem_text";

export function useRecordChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  const notices = useNotices();
  const problemText = useProblemText();
  return useMutation({
    mutationFn: change,
    onSuccess: () => askAgainAfter(client, "customers"),
    onError: (error) => {
      const { happened, todo } = problemText(error);
      notices.error(`${happened} ${todo}`);
    },
  });
}
