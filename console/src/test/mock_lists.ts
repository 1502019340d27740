// The pretended program's static lists. Read by mock_customers.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";

type List = Schema["List"];

interface Program {
  refuse(request: StrictRequest<DefaultBodyType>): Response | null;
  problem(problem: { status: number; code: string }): Response;
  record(key: string): Schema["Customer"];
  change(key: string, part: Partial<Schema["Customer"]>): object;
  lists: List[];
}

const AT = "2026-03-05T00:00:00.000Z";

export function listHandlers({ refuse, problem, record, change, lists }: Program) {
  const deleted: Schema["DeletedList"][] = [];
  const unknown = () => problem({ status: 404, code: "customer.unknown_list" });
  const differs = () => problem({ status: 409, code: "customer.version_differs" });
  const taken = () => problem({ status: 409, code: "customer.name_taken" });
  const of = (id: unknown) => lists.find((each) => each.id === Number(id));
  const put = (list: List) => {
    const at = lists.findIndex(({ id }) => id === list.id);
    lists.splice(at < 0 ? lists.length : at, at < 0 ? 0 : 1, list);
    return list;
  };
  return [
    http.get(
      "*/api/v1/lists",
      ({ request }) => refuse(request) ?? HttpResponse.json({ lists, deleted: deleted.length }),
    ),
    http.get("*/api/v1/lists/deleted", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const first = Number(query.get("after") ?? "0");
      const last = first + Number(query.get("limit") ?? "100");
      const next = last < deleted.length ? String(last) : null;
      return refuse(request) ?? HttpResponse.json({ deleted: deleted.slice(first, last), next });
    }),
    http.post("*/api/v1/lists", async ({ request }) => {
      const { name } = (await request.json()) as Schema["NewList"];
      const known = lists.find((each) => each.name === name);
      const list = known ?? put({ id: 10 + lists.length + deleted.length, name, version: 1 });
      return refuse(request) ?? HttpResponse.json(list, { status: 201 });
    }),
    http.get("*/api/v1/lists/:id", ({ params, request }) => {
      const list = of(params.id);
      if (!list) return unknown();
      return refuse(request) ?? HttpResponse.json({ ...list, used_by: [] });
    }),
    http.patch("*/api/v1/lists/:id", async ({ params, request }) => {
      const { name, version } = (await request.json()) as Schema["ListRename"];
      const list = of(params.id);
      if (!list) return unknown();
      if (list.version !== version) return differs();
      if (lists.some((each) => each.name === name)) return taken();
      return refuse(request) ?? HttpResponse.json(put({ ...list, name, version: version + 1 }));
    }),
    http.delete("*/api/v1/lists/:id", ({ params, request }) => {
      const list = of(params.id);
      if (!list) return unknown();
      if (String(list.version) !== new URL(request.url).searchParams.get("version")) {
        return differs();
      }
      lists.splice(lists.indexOf(list), 1);
      deleted.unshift({ id: list.id, name: list.name, deleted_at: AT, deleted_by: "user:1" });
      return refuse(request) ?? new HttpResponse(null, { status: 204 });
    }),
    http.post("*/api/v1/lists/:id/restore", ({ params, request }) => {
      const at = deleted.findIndex(({ id }) => id === Number(params.id));
      const [gone] = at < 0 ? [] : deleted.splice(at, 1);
      if (!gone) return unknown();
      return (
        refuse(request) ?? HttpResponse.json(put({ id: gone.id, name: gone.name, version: 3 }))
      );
    }),
    http.post("*/api/v1/lists/:id/customers", async ({ params, request }) => {
      const { add = [], remove = [] } = (await request.json()) as Schema["ListChange"];
      const list = of(params.id);
      if (!list) return unknown();
      if ([...add, ...remove].includes("ghost")) {
        return problem({ status: 404, code: "customer.unknown_customer" });
      }
      const on = { id: Number(params.id), name: list.name, since: AT };
      for (const key of add) change(key, { lists: [...record(key).lists, on] });
      for (const key of remove) {
        change(key, { lists: record(key).lists.filter(({ id }) => id !== on.id) });
      }
      return refuse(request) ?? HttpResponse.json({ position: "13" });
    }),
  ];
}
