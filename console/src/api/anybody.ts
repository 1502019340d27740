import { useQuery } from "@tanstack/react-query";
import { answerOf, api } from "./client";

// Whether nobody is known at all; undefined: not known yet. Asked only where it changes what a page
// says, and never kept: the first import comes from outside.
export function useIsEmpty(): boolean | undefined {
  const anybody = useQuery({
    queryKey: ["customers", "anybody"],
    staleTime: 0,
    refetchOnWindowFocus: true,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers", { params: { query: { limit: 1 } }, signal })),
  });
  return anybody.data && anybody.data.customers.length === 0;
}
