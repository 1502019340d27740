// The pretended program's changes of many: half of the people are done by the time it is looked at
// first, all by the second time. Read by mock_customers.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";

type Customer = Schema["Customer"];
type BulkChange = Schema["BulkChange"];

interface Program {
  refuse(request: StrictRequest<DefaultBodyType>): Response | null;
  problem(problem: { status: number; code: string }): Response;
  record(key: string): Customer;
  change(key: string, part: Partial<Customer>): object;
  matched(rule: string): number;
  tags(): readonly Schema["Tag"][];
  lists: readonly Schema["List"][];
}

const AT = "2026-03-05T00:00:00.000Z";

export function bulkHandlers(program: Program) {
  const { refuse, problem } = program;
  const changes = new Map<number, { shown: BulkChange; finish(): number; back(): void }>();
  const of = (id: unknown) => changes.get(Number(id));
  const missing = () => problem({ status: 404, code: "api.not_there" });

  return [
    http.post("*/api/v1/bulk-changes", async ({ request }) => {
      const asked = (await request.clone().json()) as Schema["NewBulkChange"];
      const named = asked.customers ?? [];
      if (named.includes("ghost"))
        return problem({ status: 404, code: "customer.unknown_customer" });
      if ([...changes.values()].some(({ shown }) => shown.state === "running")) {
        return problem({ status: 409, code: "api.bulk_runs" });
      }
      const customers = asked.rule === undefined ? named.length : program.matched(asked.rule);
      const shown: BulkChange = {
        id: 70 + changes.size,
        state: "running",
        by: "zhang.wei",
        at: AT,
        customers,
        done: 0,
        changed: 0,
        as_before: 0,
        left_out: 0,
        undoable: asked.assign_to_staff === undefined && asked.take_from_staff === undefined,
      };
      const undo: (() => void)[] = [];
      const finish = () => {
        if (!shown.undoable) return customers;
        for (const key of named) {
          const before = program.record(key);
          const after = changedBy(before, asked, program);
          if (after === null) continue;
          program.change(key, after);
          undo.push(() => program.change(key, { tags: before.tags, lists: before.lists }));
        }
        return asked.rule === undefined ? undo.length : customers - 5;
      };
      const back = () => {
        for (const each of undo) each();
      };
      changes.set(shown.id, { shown, finish, back });
      return refuse(request) ?? HttpResponse.json(shown, { status: 202 });
    }),
    http.get("*/api/v1/bulk-changes/:id", ({ params, request }) => {
      const change = of(params.id);
      if (!change) return refuse(request) ?? missing();
      const { shown } = change;
      if (shown.state === "running" && shown.done > 0) {
        const changed = change.finish();
        const { customers } = shown;
        Object.assign(shown, { state: "done", done: customers, changed });
        shown.as_before = customers - changed;
      } else if (shown.state === "running") {
        shown.done = Math.ceil(shown.customers / 2);
      }
      return refuse(request) ?? HttpResponse.json(shown);
    }),
    http.post("*/api/v1/bulk-changes/:id/stop", ({ params, request }) => {
      const change = of(params.id);
      if (!change) return refuse(request) ?? missing();
      const { shown } = change;
      Object.assign(shown, { state: "stopped", customers: shown.done, changed: shown.done });
      return refuse(request) ?? HttpResponse.json(shown);
    }),
    http.post("*/api/v1/bulk-changes/:id/undo", ({ params, request }) => {
      const change = of(params.id);
      if (!change) return refuse(request) ?? missing();
      change.back();
      change.shown.state = "undone";
      return refuse(request) ?? HttpResponse.json({ bulk_change: change.shown, kept: [] });
    }),
  ];
}

// Null: it was so already.
function changedBy(
  { tags, lists }: Customer,
  asked: Schema["NewBulkChange"],
  program: Program,
): Partial<Customer> | null {
  const nameOf = (tag: Schema["Tag"]) => `${tag.group}/${tag.name}`;
  const put = program.tags().filter((tag) => asked.add_tags?.includes(nameOf(tag)));
  const kept = tags.filter((tag) => !asked.remove_tags?.includes(nameOf(tag)));
  const added = put.filter(({ id }) => !tags.some((tag) => tag.id === id));
  const list = program.lists.find(({ id }) => id === asked.add_to_list);
  const inIt = lists.some(({ id }) => id === asked.add_to_list);
  const stay = lists.filter(({ id }) => id !== asked.remove_from_list);
  const joined = list && !inIt ? [...stay, { id: list.id, name: list.name, since: AT }] : stay;
  const same = added.length === 0 && kept.length === tags.length && joined.length === lists.length;
  if (same) return null;
  return { tags: [...kept, ...added.map((tag) => ({ ...tag, since: AT }))], lists: joined };
}
