// Quick search: who is found by what somebody types. It goes in the body of a question, never in an
// address, which stands in the logs of proxies.
import { answerOf, api, type Schema } from "./client";

export interface FoundCustomer {
  id: number;
  key: string;
  // null: nobody knows.
  name: string | null;
  // Their phones, as whoever asks may see them.
  identities: { kind: string; value: string }[];
}

interface FoundPage {
  found: FoundCustomer[];
  // There are others, too.
  more: boolean;
}

export const PHONES = "identity:phone";

// Nothing typed: the newest.
export async function findCustomers(
  search: string,
  limit: number,
  signal: AbortSignal,
): Promise<FoundPage> {
  const body = { search, limit, columns: [PHONES] };
  const { customers, next } = await answerOf(api.POST("/customers/list", { body, signal }));
  return { found: customers.map(toldApart), more: next !== null };
}

// Of a row with the column PHONES: what a person is recognised by.
export function toldApart({ id, key, name, cells }: Schema["TableRow"]): FoundCustomer {
  const phones = cells[PHONES] as string[];
  return { id, key, name, identities: phones.map((value) => ({ kind: "phone", value })) };
}
