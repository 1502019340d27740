// What the pages of the ledger ask.
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answerOf, api, type Schema } from "@/api/client";

export type LedgerAccount = Schema["LedgerAccount"];
export type Asset = Schema["Asset"];

const ROWS = 50;
const ASSETS_MAX = 1000;

// By code: how many digits an amount has.
export function useAssets() {
  return useQuery({
    queryKey: ["ledger", "assets"],
    queryFn: async ({ signal }) => {
      const { assets } = await answerOf(
        api.GET("/ledger/assets", { params: { query: { limit: ASSETS_MAX } }, signal }),
      );
      return assets;
    },
  });
}

export interface Wanted {
  owner_kind: string;
  owner: string;
  asset: string;
}

export function useAccounts(wanted: Wanted) {
  const { owner_kind, owner, asset } = wanted;
  const ofOwner = owner_kind === "" ? {} : { owner_kind, owner };
  const ofAsset = asset === "" ? {} : { asset };
  return useInfiniteQuery({
    queryKey: ["ledger", "accounts", wanted],
    enabled: owner_kind !== "" || asset !== "",
    staleTime: 0,
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["LedgerAccountPage"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/ledger/accounts", {
          params: {
            query: {
              ...ofOwner,
              ...ofAsset,
              limit: ROWS,
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
  });
}

// `at`: also as of that moment; empty: now alone.
export function accountQuery(id: number, at: string) {
  return queryOptions({
    queryKey: ["ledger", "account", id, at],
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/ledger/accounts/{id}", {
          params: { path: { id }, query: at === "" ? {} : { at } },
          signal,
        }),
      ),
  });
}

export function useAccount(id: number, at: string) {
  return useQuery(accountQuery(id, at));
}

export function useStatement(id: number) {
  return useInfiniteQuery({
    queryKey: ["ledger", "statement", id],
    staleTime: 0,
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["LedgerStatement"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/ledger/accounts/{id}/statement", {
          params: {
            path: { id },
            query: { limit: ROWS, ...(pageParam === "" ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
  });
}

export function useBundles(why: string) {
  return useInfiniteQuery({
    queryKey: ["ledger", "bundles", why],
    enabled: why !== "",
    staleTime: 0,
    initialPageParam: "",
    getNextPageParam: ({ next }: Schema["BundlePage"]) => next,
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/ledger/bundles", {
          params: {
            query: { why, limit: ROWS, ...(pageParam === "" ? {} : { after: pageParam }) },
          },
          signal,
        }),
      ),
  });
}

export function useBundle(id: string) {
  return useQuery({
    queryKey: ["ledger", "bundle", id],
    enabled: id !== "",
    staleTime: 0,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/ledger/bundle", { params: { query: { id } }, signal })),
  });
}

export function useProof() {
  return useQuery({
    queryKey: ["ledger", "proof"],
    queryFn: ({ signal }) => answerOf(api.GET("/ledger/proof", { signal })),
  });
}
