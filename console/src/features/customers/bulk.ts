// One change for many customers, one after the other, a few at a time; each tells how it went. What
// was there already is left out, so that undoing takes back only what was done.
import { answerOf, api } from "@/api/client";
import { customerName } from "@/text/address";
import { type Person, type Record, recordOf } from "./asking";

export const SELECTED_MAX = 1000;
const AT_ONCE = 4;

export type BulkThing =
  | { kind: "tag"; id: number; name: string }
  | { kind: "list"; id: number; name: string };

export interface BulkChange {
  thing: BulkThing;
  // On, or off.
  on: boolean;
}

export interface BulkResult {
  changed: Person[];
  // Were so already.
  already: Person[];
  failed: { person: Person; error: unknown }[];
}

export const nothingDone = (): BulkResult => ({ changed: [], already: [], failed: [] });
export const doneOf = ({ changed, already, failed }: BulkResult) =>
  changed.length + already.length + failed.length;

interface Running {
  signal: AbortSignal;
  // After each customer.
  onProgress(result: BulkResult): void;
}

// Ends early when stopped: what is begun is finished.
export async function runBulk(
  people: readonly Person[],
  change: BulkChange,
  { signal, onProgress }: Running,
): Promise<BulkResult> {
  const result = nothingDone();
  let next = 0;
  const work = async () => {
    while (next < people.length && !signal.aborted) {
      const person = people[next++] as Person;
      try {
        result[await changeOne(person, change)].push(person);
      } catch (error) {
        result.failed.push({ person, error });
      }
      onProgress({ ...result });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}

async function changeOne(
  person: Person,
  { thing, on }: BulkChange,
): Promise<"changed" | "already"> {
  const customer = customerName(person);
  if (holds(await recordOf(customer), thing) === on) return "already";
  await answerOf<unknown>(
    thing.kind === "tag" ? tagChange(customer, thing, on) : listChange(customer, thing, on),
  );
  return "changed";
}

const holds = (record: Record, { kind, id }: BulkThing) =>
  (kind === "tag" ? record.tags : record.lists).some((each) => each.id === id);

function tagChange(customer: string, { id, name }: BulkThing, on: boolean) {
  const path = { customer };
  return on
    ? api.POST("/customers/{customer}/tags", { params: { path }, body: { tags: [name] } })
    : api.DELETE("/customers/{customer}/tags/{tag}", { params: { path: { ...path, tag: id } } });
}

function listChange(customer: string, { id }: BulkThing, on: boolean) {
  return api.POST("/lists/{id}/customers", {
    params: { path: { id } },
    body: on ? { add: [customer] } : { remove: [customer] },
  });
}
