// Stores and staff as several pages of the settings ask for them.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { answerOf, api } from "@/api/client";
import { useDebounced } from "@/components/use_debounced";
import styles from "./settings.module.css";

// One page: whoever has more finds them by searching.
const ROWS_MAX = 200;
const SEARCH_WAIT_MS = 200;

export function useStores(typed = "") {
  const search = useDebounced(typed.trim(), SEARCH_WAIT_MS);
  return useQuery({
    queryKey: ["stores", search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/stores", { params: { query: { search, limit: ROWS_MAX } }, signal })),
  });
}

export function useStaff(typed = "") {
  const search = useDebounced(typed.trim(), SEARCH_WAIT_MS);
  return useQuery({
    queryKey: ["staff", search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/staff", { params: { query: { search, limit: ROWS_MAX } }, signal })),
  });
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
