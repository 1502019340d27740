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
  // By a rule, which may not be written yet; else by a search.
  byRule: boolean;
  search: string;
  rule: string;
  columns: readonly string[];
  // While it is typed: nothing to come back to.
  find(search: string): void;
  // What can be come back to.
  turn(byRule: boolean): void;
  filter(rule: string): void;
  show(columns: readonly string[]): void;
}

export function useListAddress(): ListAddress {
  const [parameters, set] = useSearchParams();
  const byRule = parameters.has("rule");
  const rule = parameters.get("rule") ?? "";
  const written = parameters.getAll("column");
  const columns = written.length === 0 ? remembered() : written.filter(Boolean);
  const go = (asked: { search?: string; rule?: string }, shown: readonly string[] = written) => {
    const next = new URLSearchParams();
    if (asked.search) next.set("search", asked.search);
    if (asked.rule !== undefined) next.set("rule", asked.rule);
    for (const column of shown) next.append("column", column);
    return next;
  };
  const search = byRule ? "" : (parameters.get("search") ?? "");
  return {
    byRule,
    search,
    rule,
    columns,
    find: (next) => set(go({ search: next }), { replace: true }),
    turn: (next) => set(go(next ? { rule: "" } : {})),
    filter: (next) => set(go({ rule: next })),
    show: (next) => {
      localStorage.setItem(KEPT_AS, JSON.stringify(next));
      const shown = next.length === 0 ? [""] : next;
      set(go(byRule ? { rule } : { search }, shown), { replace: true });
    },
  };
}
