// What the list shows, as it stands in the address: search or rule, and the columns.
import { useSearchParams } from "react-router";
import { DEFAULT_COLUMNS } from "./columns";

export interface ListAddress {
  search: string;
  // Empty: found by the search.
  rule: string;
  columns: readonly string[];
  find(search: string): void;
  filter(rule: string): void;
  show(columns: readonly string[]): void;
}

export function useListAddress(): ListAddress {
  const [parameters, set] = useSearchParams();
  const rule = parameters.get("rule") ?? "";
  const written = parameters.getAll("column");
  const columns = written.length === 0 ? DEFAULT_COLUMNS : written.filter(Boolean);
  const go = (asked: { search?: string; rule?: string }, shown: readonly string[] = written) => {
    const next = new URLSearchParams();
    if (asked.search) next.set("search", asked.search);
    if (asked.rule) next.set("rule", asked.rule);
    for (const column of shown) next.append("column", column);
    return next;
  };
  const search = rule === "" ? (parameters.get("search") ?? "") : "";
  return {
    search,
    rule,
    columns,
    find: (next) => set(go({ search: next }), { replace: true }),
    filter: (next) => set(go({ rule: next })),
    show: (next) => set(go({ search, rule }, next.length === 0 ? [""] : next), { replace: true }),
  };
}
