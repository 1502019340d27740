// What the page shows stands in its address: which orders, and the one that is open.
import { useSearchParams } from "react-router";
import type { Schema } from "@/api/client";
import { isDay } from "@/text/days";
import type { OrderFilter } from "./asking";

export const STATES = [
  "created",
  "paid",
  "shipped",
  "received",
  "refunded",
  "closed",
] as const satisfies readonly Schema["OrderState"][];

const OPEN = "order";

export function useOrdersAddress() {
  const [search, setSearch] = useSearchParams();
  const day = (name: string) => {
    const value = search.get(name) ?? "";
    return isDay(value) ? value : "";
  };
  const filter: OrderFilter = {
    state: STATES.find((each) => each === search.get("state")) ?? "",
    from: day("from"),
    to: day("to"),
  };
  const searchWith = (changed: Record<string, string>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changed)) {
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    return next;
  };
  return {
    filter,
    // "": none.
    open: search.get(OPEN) ?? "",
    change: (changed: Partial<OrderFilter>) => setSearch(searchWith(changed), { replace: true }),
    close: () => setSearch(searchWith({ [OPEN]: "" })),
    addressOf: (order: string) => `?${searchWith({ [OPEN]: order })}`,
  };
}
