// What the list shows, as it stands in the address: search (behind #) or rule, and the columns.
// Columns that were chosen once are remembered in the browser for the next time.
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { ATTRIBUTE } from "@/components/customer_columns";
import { DEFAULT_COLUMNS } from "./columns";

const SORTABLE = ["created_at", "first_event_at", "last_event_at"];

// Whether the program can put the rows in this order, and the column is shown.
export function isSortable(column: string, shown: readonly string[]): boolean {
  return shown.includes(column) && (column.startsWith(ATTRIBUTE) || SORTABLE.includes(column));
}

const KEPT_AS = "siyu.customers.columns";

function remembered(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null");
    return Array.isArray(kept) ? kept.map(String) : DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}

export interface Sorting {
  column: string;
  descending: boolean;
}

// "last_event_at", "-last_event_at"
function sortingOf(text: string): Sorting | null {
  if (text === "") return null;
  return text.startsWith("-")
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

const textOf = ({ column, descending }: Sorting) => (descending ? `-${column}` : column);

export interface ListAddress {
  // By a rule, which may not be written yet; else by a search.
  byRule: boolean;
  search: string;
  rule: string;
  columns: readonly string[];
  // null: as they are found.
  sort: Sorting | null;
  // While it is typed: nothing to come back to.
  find(search: string): void;
  // What can be come back to.
  turn(byRule: boolean): void;
  filter(rule: string): void;
  show(columns: readonly string[]): void;
  order(sort: Sorting | null): void;
}

export function useListAddress(): ListAddress {
  const [parameters] = useSearchParams();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const byRule = parameters.has("rule");
  const rule = parameters.get("rule") ?? "";
  const written = parameters.getAll("column");
  const columns = written.length === 0 ? remembered() : written.filter(Boolean);
  const sort = sortingOf(parameters.get("sort") ?? "");
  const go = (
    asked: { search?: string; rule?: string },
    shown: readonly string[] = written,
    order: Sorting | null = sort,
  ) => {
    const next = new URLSearchParams();
    if (asked.rule !== undefined) next.set("rule", asked.rule);
    for (const column of shown) next.append("column", column);
    if (order) next.set("sort", textOf(order));
    // What is typed may be a phone. What stands behind # no browser sends to anybody.
    const typed = asked.search ? `#${new URLSearchParams({ search: asked.search })}` : "";
    return { search: next.toString(), hash: typed };
  };
  const set = (next: ReturnType<typeof go>, { replace } = { replace: false }) =>
    void navigate(next, { replace });
  const search = byRule ? "" : (new URLSearchParams(hash.slice(1)).get("search") ?? "");
  return {
    byRule,
    search,
    rule,
    columns,
    sort,
    find: (next) => set(go({ search: next }), { replace: true }),
    turn: (next) => set(go(next ? { rule: "" } : {})),
    filter: (next) => set(go({ rule: next })),
    show: (next) => {
      localStorage.setItem(KEPT_AS, JSON.stringify(next));
      const shown = next.length === 0 ? [""] : next;
      const stays = sort && isSortable(sort.column, next) ? sort : null;
      set(go(byRule ? { rule } : { search }, shown, stays), { replace: true });
    },
    order: (next) => set(go(byRule ? { rule } : { search }, written, next), { replace: true }),
  };
}
