// What the record asks about where somebody is in life: audiences, stages, value.
import { useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";

export type Memberships = Schema["Memberships"];
export type StageOfModel = Memberships["stages"][number];
export type ModelHistory = Schema["CustomerStages"]["models"][number];
export type CustomerValue = Schema["CustomerValue"];

export function useMemberships(customer: string) {
  return useQuery({
    queryKey: ["customers", customer, "memberships"],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/customers/{customer}/memberships", { params: { path: { customer } }, signal }),
      ),
  });
}

export function useStages(customer: string) {
  return useQuery({
    queryKey: ["customers", customer, "stages"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}/stages", { params: { path: { customer } }, signal })),
  });
}

export function useValue(customer: string) {
  return useQuery({
    queryKey: ["customers", customer, "value"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}/value", { params: { path: { customer } }, signal })),
  });
}
