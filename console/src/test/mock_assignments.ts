// The pretended program's assignments: whose customers are whose; what is written stays.
// CDNOW-00042 is 林芳's and was 周涛's. Read by mock_customers.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { RECORD } from "./fixtures";

type Assigned = Schema["Assignments"]["assignments"][number];

const FROM = "2026-02-01T02:00:00.000Z";
const NOW = "2026-03-05T00:00:00.000Z";
const PEOPLE = new Map([
  [31, { number: "007", name: "林芳" }],
  [32, { number: "008", name: "周涛" }],
  [34, { number: "010", name: "陈静" }],
]);

const given = (staff: number, to: string | null = null): Assigned => ({
  staff,
  ...(PEOPLE.get(staff) ?? { number: "0", name: "" }),
  from: FROM,
  to,
  by: "user:1 zhang.wei",
});

interface Program {
  empty: boolean;
  record(key: string): Schema["Customer"];
}

export function assignmentHandlers(
  refuse: (request: StrictRequest<DefaultBodyType>) => Response | null,
  { empty, record }: Program,
) {
  const assigned = new Map<string, Assigned[]>(
    empty ? [] : [[RECORD.key, [given(31), given(32, "2026-02-01T01:00:00.000Z")]]],
  );
  const of = (key: string) => assigned.get(key) ?? [];
  const stands = (staff: number) => (each: Assigned) => each.staff === staff && each.to === null;
  const change = (staff: number, key: string, on: boolean) => {
    const has = of(key).some(stands(staff));
    if (on === has) return 0;
    assigned.set(
      key,
      on
        ? [{ ...given(staff), from: NOW }, ...of(key)]
        : of(key).map((each) => (stands(staff)(each) ? { ...each, to: NOW } : each)),
    );
    return 1;
  };
  return [
    http.get("*/api/v1/customers/:customer/staff", ({ params, request }) => {
      const key = record(String(params.customer)).key;
      return refuse(request) ?? HttpResponse.json({ assignments: of(key) });
    }),
    http.get("*/api/v1/staff/:id/customers", ({ params, request }) => {
      const customers = [...assigned.keys()]
        .filter((key) => of(key).some(stands(Number(params.id))))
        .map((key) => record(key))
        .map(({ id, key, name }) => ({ id, key, name }));
      return refuse(request) ?? HttpResponse.json({ customers, next: null });
    }),
    http.post("*/api/v1/staff/:id/customers", async ({ params, request }) => {
      const body = (await request.clone().json()) as Schema["AssignmentChange"];
      const refused = refuse(request);
      if (refused) return refused;
      const sum = (names: readonly string[] = [], on: boolean) =>
        names.reduce((all, name) => all + change(Number(params.id), record(name).key, on), 0);
      return HttpResponse.json({
        assigned: sum(body.assign, true),
        unassigned: sum(body.unassign, false),
      });
    }),
  ];
}
