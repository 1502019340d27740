// What the list shows, as it stands in the address: search or rule, and the columns. Columns that
// were chosen once are remembered in the browser for the next time.
import { useSearchParams } from "react-router";
import { DEFAULT_COLUMNS } from "./columns";

const KEPT_AS = "siyu.customers.columns";

function remembered(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null");
    return Array.isArray(kept) ? kept.map(String) : DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}

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
  const columns = written.length === 0 ? remembered() : written.filter(Boolean);
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
    show: (next) => {
      localStorage.setItem(KEPT_AS, JSON.stringify(next));
      set(go({ search, rule }, next.length === 0 ? [""] : next), { replace: true });
    },
  };
}
