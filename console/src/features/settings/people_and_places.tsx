// Stores and staff as several pages of the settings ask for them.
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { answerOf, api } from "@/api/client";
import { useDebounced } from "@/components/use_debounced";
import styles from "./settings.module.css";

const ROWS_PER_PAGE = 50;
const SEARCH_WAIT_MS = 200;
const NAMES_FRESH_MS = 5 * 60_000;

const pageOf = (search: string, after: string) => ({
  search,
  limit: ROWS_PER_PAGE,
  ...(after === "" ? {} : { after }),
});
const nextOf = ({ next }: { next: string | null }) => next ?? undefined;

export function useStorePages(typed: string) {
  const search = useDebounced(typed.trim(), SEARCH_WAIT_MS);
  return useInfiniteQuery({
    queryKey: ["stores", "pages", search],
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(api.GET("/stores", { params: { query: pageOf(search, pageParam) }, signal })),
    getNextPageParam: nextOf,
  });
}

export function useStaffPages(typed: string) {
  const search = useDebounced(typed.trim(), SEARCH_WAIT_MS);
  return useInfiniteQuery({
    queryKey: ["staff", "pages", search],
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      answerOf(api.GET("/staff", { params: { query: pageOf(search, pageParam) }, signal })),
    getNextPageParam: nextOf,
  });
}

export function useStaffMember(id: number | null) {
  return useQuery({
    queryKey: ["staff", "one", id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/staff/{id}", { params: { path: { id: id ?? 0 } }, signal })),
  });
}

// What stores are called, each looked up once; by its number as long as nobody knows.
export function useStoreNames(ids: readonly number[]): (id: number) => string {
  const wanted = [...new Set(ids)];
  const found = useQueries({
    queries: wanted.map((id) => ({
      queryKey: ["stores", "one", id],
      staleTime: NAMES_FRESH_MS,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        answerOf(api.GET("/stores/{id}", { params: { path: { id } }, signal })),
    })),
  });
  const names = new Map(wanted.map((id, index) => [id, found[index]?.data?.name]));
  return (id) => names.get(id) ?? `#${id}`;
}

interface SearchProps {
  label: string;
  value: string;
  onChange(text: string): void;
}

export function ListSearch({ label, value, onChange }: SearchProps) {
  return (
    <Input
      type="search"
      className={styles.search ?? ""}
      aria-label={label}
      placeholder={label}
      maxLength={60}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
