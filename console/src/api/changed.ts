// What is asked for again once something has changed: the one place that says which answers depend
// on what. Keys of queries begin with these words; the first is the thing itself.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

// What people are, and so who matches a rule, what a figure says and whose record shows what.
const PEOPLE = ["customers", "rules", "home", "orders", "test_accounts", "lifecycle"] as const;

const DEPENDS = {
  customers: PEOPLE,
  test_accounts: ["test_accounts", "customers", "rules", "home", "orders", "lifecycle"],
  bulk_changes: [...PEOPLE, "tags", "lists", "imports"],
  // Declarations: what rules, columns and records offer.
  attributes: ["attributes", "names", "customers", "rules"],
  "identity-kinds": ["identity-kinds", "names", "customers"],
  "consent-purposes": ["consent-purposes", "names"],
  "event-types": ["event-types", "names", "rules"],
  audiences: ["audiences", "names", "rules", "lifecycle"],
  // Rules name stages, segments and what was fitted.
  lifecycle: ["lifecycle", "names", "rules", "customers"],
  // Rules of audiences are printed with the names of today.
  tags: ["tags", "names", "customers", "rules", "audiences"],
  lists: ["lists", "names", "customers", "rules", "audiences"],
  // Who looks after whom is written with their names; somebody disabled has no sessions left.
  staff: ["staff", "customers", "users"],
  stores: ["stores", "staff"],
  accounts: ["accounts"],
  // Whoever changes themselves has another session.
  users: ["users", "session", "sessions", "keys"],
  sessions: ["sessions"],
  keys: ["keys"],
  backups: ["backups", "system"],
  questions: ["questions"],
  second_factor: ["second_factor", "users"],
  uploads: ["uploads"],
  ledger: ["ledger"],
  outbox: ["outbox"],
  // A lane comes and goes with them.
  webhooks: ["webhooks", "outbox"],
  "http-channels": ["http-channels", "outbox"],
} as const satisfies Record<string, readonly string[]>;

// Days, languages and what is kept where depend on settings; an import writes whatever it likes.
type Everything = "settings" | "imports";

export type Changed = keyof typeof DEPENDS | Everything;

// Resolves once the thing itself is here anew; what depends on it follows.
export async function askAgainAfter(client: QueryClient, changed: Changed): Promise<void> {
  if (changed === "settings" || changed === "imports") return client.invalidateQueries();
  const [itself, ...others] = [...DEPENDS[changed], "audit"];
  const again = client.invalidateQueries({ queryKey: [itself] });
  for (const key of others) void client.invalidateQueries({ queryKey: [key] });
  return again;
}

// However many imports are going: once one has ended, all that is shown may be another.
export function useAskAgainWhenFewer(going: number): void {
  const client = useQueryClient();
  const before = useRef(0);
  useEffect(() => {
    if (going < before.current) void askAgainAfter(client, "imports");
    before.current = going;
  }, [client, going]);
}
