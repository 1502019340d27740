// Saving what is being edited. The version it was made from goes along: who saves second is told,
// and loses nothing.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { problemOf } from "@/api/problem";

export const isConflict = (error: unknown) => problemOf(error).code === "audience.version_differs";

function useAudienceChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => askAgainAfter(client, "audiences"),
  });
}

export function useSave(id: number) {
  return useAudienceChange((body: Schema["AudienceChange"]) =>
    answerOf(api.PUT("/audiences/{id}", { params: { path: { id } }, body })),
  );
}

export function useCreate() {
  return useAudienceChange((body: Schema["NewAudience"]) =>
    answerOf(api.POST("/audiences", { body })),
  );
}

export function useDelete(id: number) {
  return useAudienceChange((version: number) =>
    answerOf(api.DELETE("/audiences/{id}", { params: { path: { id }, query: { version } } })),
  );
}
