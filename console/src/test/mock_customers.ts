// The pretended program's customers, tags and lists; what is written stays until the next start.
// Read by mock_api.ts. By key:
//   "new" a record without anything · "ghost" there is no such customer
//   "merged" two of one person
//   "stubborn" cannot be written · every other one is like RECORD
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { EVENTS, NAMES, RECORD } from "./fixtures";
import { assignmentHandlers } from "./mock_assignments";
import { bulkHandlers } from "./mock_bulk";
import { listHandlers } from "./mock_lists";
import { ORDERS } from "./mock_orders";
import { reviewHandlers } from "./mock_reviews";

type Customer = Schema["Customer"];
type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Problem = (problem: { status: number; code: string }) => Response;

const AT = "2026-03-05T00:00:00.000Z";
const WRITTEN = { position: "13" };
const OTHERS = 59;

export const keyOf = (id: number) => `CDNOW-${String(id).padStart(5, "0")}`;

const SPECIAL = new Map([
  ["new", 900],
  ["merged", 901],
  ["stubborn", 902],
]);

// The key of whoever an address names: "c_42" by the number, else by the key itself.
export function named(customer: string): string {
  const number = Number(/^c_(\d+)$/.exec(customer)?.[1]);
  if (Number.isNaN(number)) return customer;
  return [...SPECIAL].find(([, id]) => id === number)?.[0] ?? keyOf(number);
}

const NOTHING = {
  identities: [],
  attributes: [],
  tags: [],
  lists: [],
  consents: [],
  merges: [],
  test_account: null,
  computed: [],
};

function recordOf(key: string): Customer {
  const id = /^CDNOW-0*(\d+)$/.exec(key)?.[1];
  const special = SPECIAL.get(key) ?? RECORD.id;
  if (key === "new") {
    return {
      ...RECORD,
      ...NOTHING,
      id: special,
      key,
      name: null,
      known_since: RECORD.created_at,
      identities: [{ kind: "customer", value: key }],
    };
  }
  if (key === "merged") {
    return {
      ...RECORD,
      id: special,
      key,
      merges: [{ id: 77, customer: "c_77", at: AT, by: "user:1 zhang.wei" }],
    };
  }
  if (id === undefined || Number(id) === RECORD.id) {
    return { ...RECORD, id: special, key };
  }
  const number = Number(id);
  return {
    ...RECORD,
    id: number,
    key: keyOf(number),
    name: null,
    identities: [
      { kind: "customer", value: keyOf(number) },
      { kind: "phone", value: `139${String(number).padStart(8, "0")}` },
    ],
    tags: number % 2 === 0 ? RECORD.tags : [],
    lists: [],
  };
}

interface Asked {
  // How many satisfy a rule, and what is said instead of an answer.
  matched(rule: string): number;
  refusal(rule: string): Promise<Response | null>;
}

const textsIn = (record: Customer, column: string): unknown => {
  const [kind = "", name = ""] = column.split(":");
  switch (kind) {
    case "attribute":
      return record.attributes.find((each) => each.name === name)?.value ?? null;
    case "identity":
      return record.identities.filter((each) => each.kind === name).map(({ value }) => value);
    case "tags":
      return record.tags.map((tag) => `${tag.group}/${tag.name}`);
    case "lists":
      return record.lists.map((list) => list.name);
    case "orders":
      return 2;
    case "net":
      return "1234.50";
    default:
      return kind === "created_at" ? record.created_at : record.known_since;
  }
};

export function customerHandlers(
  refuse: Refuse,
  problem: Problem,
  { empty, matched, refusal }: Asked & { empty: boolean },
) {
  const records = new Map<string, Customer>();
  const erased = new Set<string>();
  const record = (customer: string) => {
    const key = named(customer);
    return records.get(key) ?? recordOf(key);
  };
  const gone = () => problem({ status: 404, code: "customer.unknown_customer" });
  // Of one customer: refused, nobody there, or what `answer` says.
  const about =
    (answer: (key: string, request: StrictRequest<DefaultBodyType>, url: URL) => unknown) =>
    async ({
      params,
      request,
    }: {
      params: Record<string, unknown>;
      request: StrictRequest<DefaultBodyType>;
    }) => {
      const key = named(String(params.customer));
      const refused = refuse(request);
      if (refused) return refused;
      if (key === "ghost" || erased.has(key)) return gone();
      if (key === "stubborn" && request.method !== "GET") {
        return problem({ status: 503, code: "store.overloaded" });
      }
      const body = await answer(key, request, new URL(request.url));
      return body instanceof Response ? body : HttpResponse.json(body as object);
    };
  const change = (customer: string, part: Partial<Customer>) => {
    records.set(named(customer), { ...record(customer), ...part });
    return WRITTEN;
  };
  const json = async <T>(request: StrictRequest<DefaultBodyType>) => (await request.json()) as T;
  const CUSTOMER = "*/api/v1/customers/:customer";

  const found = (search: string) =>
    [
      record(RECORD.key),
      ...Array.from({ length: OTHERS }, (_, index) => record(keyOf(index + 100))),
    ].filter(({ identities }) => identities.some(({ value }) => value.startsWith(search)));

  return [
    http.post("*/api/v1/customers/list", async ({ request }) => {
      const asked = await json<Schema["TableQuestion"]>(request.clone());
      const { rule = "", search = "", columns = [], limit = 100, after = "0", at = AT } = asked;
      const from = Number(after);
      const people = found(search);
      const total = empty ? 0 : rule === "" ? people.length : matched(rule);
      const rows = Array.from({ length: Math.max(0, Math.min(limit, total - from)) }, (_, index) =>
        rule === "" ? (people[from + index] as Customer) : record(keyOf(from + index + 1)),
      );
      const customers = rows.map((row) => ({
        id: row.id,
        key: row.key,
        name: row.name,
        test_account: rule === "" && row.test_account !== null,
        cells: Object.fromEntries(columns.map((column) => [column, textsIn(row, column)])),
      }));
      const next = from + limit < total ? String(from + limit) : null;
      const answer = { customers, next, at, warnings: [], position: "12", fresh: true };
      return refuse(request) ?? (await refusal(rule)) ?? HttpResponse.json(answer);
    }),
    http.post("*/api/v1/customers/export", async ({ request }) => {
      const { rule = "", columns = [] } = await json<Schema["TableFileQuestion"]>(request.clone());
      const form = new URL(request.url).searchParams.get("form") ?? "csv";
      const people = rule === "" ? found("") : [record(RECORD.key)];
      const text = [["customer", ...columns].join(","), ...people.map(({ key }) => key)].join("\n");
      return (
        refuse(request) ??
        (await refusal(rule)) ??
        new HttpResponse(text, { headers: { "Content-Type": `text/${form}` } })
      );
    }),
    http.get("*/api/v1/customers", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const limit = Number(query.get("limit") ?? 100);
      const from = Number(query.get("after") ?? 0);
      const all = found("").map(({ id, key, name, created_at, identities }) => ({
        id,
        key,
        name,
        created_at,
        identities,
      }));
      const customers = empty ? [] : all.slice(from, from + limit);
      const next = from + limit < all.length ? String(from + limit) : null;
      return refuse(request) ?? HttpResponse.json({ customers, next });
    }),
    http.get(
      CUSTOMER,
      about((key) => record(key)),
    ),
    http.delete(
      CUSTOMER,
      about((key) => {
        erased.add(key);
        return WRITTEN;
      }),
    ),
    http.get(
      `${CUSTOMER}/events`,
      about((key, _, url) => {
        if (key === "new") return { events: [], next: null };
        const name = url.searchParams.get("event");
        if (name !== null) {
          return { events: EVENTS.filter(({ event }) => event === name), next: null };
        }
        const later = url.searchParams.get("after") !== null;
        const events = later ? EVENTS.slice(2) : EVENTS.slice(0, 2);
        return { events, next: later ? null : "2" };
      }),
    ),
    http.get(
      `${CUSTOMER}/orders`,
      about((key) => {
        const none = key === "new";
        const totals = none
          ? { orders_paid: 0, paid: "0.00", refunded: "0.00", net: "0.00" }
          : { orders_paid: 2, paid: "1322.50", refunded: "88.00", net: "1234.50" };
        return { orders: none ? [] : ORDERS, next: null, totals, position: "12", fresh: true };
      }),
    ),
    http.patch(
      `${CUSTOMER}/attributes`,
      about(async (key, request) => {
        const { values } = await json<Schema["AttributeChanges"]>(request);
        const kept = record(key).attributes.filter(({ name }) => !(name in values));
        const written = Object.entries(values).map(([name, value]) => ({
          name,
          type: NAMES.attributes.find((each) => each.name === name)?.type ?? ("text" as const),
          value: value as Schema["Value"],
          since: AT,
          source: "api",
        }));
        return change(key, { attributes: [...kept, ...written] });
      }),
    ),
    http.post(
      `${CUSTOMER}/identities`,
      about(async (key, request) => {
        const identity = await json<Schema["Identity"]>(request);
        if (identity.value === "13900000001") {
          return problem({ status: 409, code: "customer.identity_taken" });
        }
        change(key, { identities: [...record(key).identities, identity] });
        return HttpResponse.json(WRITTEN, { status: 201 });
      }),
    ),
    http.post(
      `${CUSTOMER}/identities/remove`,
      about(async (key, request) => {
        const { value } = await json<Schema["Identity"]>(request);
        return change(key, {
          identities: record(key).identities.filter((each) => each.value !== value),
        });
      }),
    ),
    http.post(
      `${CUSTOMER}/tags`,
      about(async (key, request) => {
        const { tags } = await json<Schema["TagNames"]>(request);
        const put = TAG_GROUPS.flatMap((group) => group.tags)
          .filter(({ group, name }) => tags.includes(`${group}/${name}`))
          .map((tag) => ({ ...tag, since: AT }));
        return change(key, { tags: [...record(key).tags, ...put] });
      }),
    ),
    http.delete(`${CUSTOMER}/tags/:tag`, (given) =>
      about((key) =>
        change(key, { tags: record(key).tags.filter(({ id }) => id !== Number(given.params.tag)) }),
      )(given),
    ),
    http.post(
      `${CUSTOMER}/consents`,
      about(async (key, request) => {
        const consent = await json<Schema["NewConsent"]>(request);
        const written = { channel: null, at: AT, how: "", wording: "", proof: "", ...consent };
        change(key, { consents: [...record(key).consents, written] });
        return HttpResponse.json(WRITTEN, { status: 201 });
      }),
    ),
    http.post(
      `${CUSTOMER}/merge`,
      about(async (key, request) => {
        const { other } = await json<Schema["Merge"]>(request);
        if (other === "ghost") return gone();
        const merge = { id: 78, customer: "c_78", at: AT, by: "user:1 zhang.wei" };
        change(key, { merges: [...record(key).merges, merge] });
        const by_name = { survivor: key, survivor_id: record(key).id };
        const answer = { id: 78, ...by_name, needs_a_person: [], ...WRITTEN };
        return HttpResponse.json(answer, { status: 201 });
      }),
    ),
    http.put(
      `${CUSTOMER}/test-account`,
      about((key) => ({
        changed: true,
        ...change(key, { test_account: { since: AT, by: "user:1 zhang.wei" } }),
      })),
    ),
    http.delete(
      `${CUSTOMER}/test-account`,
      about((key) => ({ changed: true, ...change(key, { test_account: null }) })),
    ),
    http.get(
      "*/api/v1/test-accounts",
      ({ request }) =>
        refuse(request) ??
        HttpResponse.json({
          test_accounts: [...records.values()].flatMap(({ id, key, test_account }) =>
            test_account === null ? [] : [{ id, key, ...test_account }],
          ),
        }),
    ),
    http.delete("*/api/v1/merges/:id", ({ params, request }) => {
      for (const key of ["merged", ...records.keys()]) {
        const merges = record(key).merges.filter(({ id }) => id !== Number(params.id));
        change(key, { merges });
      }
      return refuse(request) ?? HttpResponse.json(WRITTEN);
    }),
    ...reviewHandlers(refuse, empty),
    ...assignmentHandlers(refuse, { empty, record }),
    ...labelHandlers(refuse, problem, { empty, record, change, matched }),
  ];
}

export const TAG_GROUPS: Schema["TagGroup"][] = [
  {
    id: 1,
    name: "等级",
    tags: [
      { id: 1, group: "等级", name: "VIP" },
      { id: 3, group: "等级", name: "银卡" },
    ],
  },
  { id: 2, name: "来源", tags: [{ id: 2, group: "来源", name: "门店A" }] },
];

interface Records {
  empty: boolean;
  matched(rule: string): number;
  record(key: string): Customer;
  change(key: string, part: Partial<Customer>): object;
}

function labelHandlers(
  refuse: Refuse,
  problem: Problem,
  { empty, record, change, matched }: Records,
) {
  let groups = empty ? [] : TAG_GROUPS;
  const lists: Schema["List"][] = [{ id: 1, name: "内测名单", version: 1 }];
  const taken = () => problem({ status: 409, code: "customer.name_taken" });
  const all = () => groups.flatMap((group) => group.tags);
  return [
    ...bulkHandlers({ refuse, problem, record, change, matched, tags: all, lists }),
    http.get("*/api/v1/tags", ({ request }) => refuse(request) ?? HttpResponse.json({ groups })),
    http.post("*/api/v1/tags", async ({ request }) => {
      const { group, name } = (await request.json()) as Schema["NewTag"];
      if (all().some((tag) => tag.group === group && tag.name === name)) return taken();
      const tag = { id: 100 + all().length, group, name };
      groups = groups.some((each) => each.name === group)
        ? groups.map((each) =>
            each.name === group ? { ...each, tags: [...each.tags, tag] } : each,
          )
        : [...groups, { id: 100 + groups.length, name: group, tags: [tag] }];
      return refuse(request) ?? HttpResponse.json(tag, { status: 201 });
    }),
    http.patch("*/api/v1/tags/:id", async ({ params, request }) => {
      const { name } = (await request.json()) as Schema["Rename"];
      const tag = all().find(({ id }) => id === Number(params.id));
      if (!tag) return problem({ status: 404, code: "customer.unknown_tag" });
      if (all().some((each) => each.group === tag.group && each.name === name)) return taken();
      const renamed = { ...tag, name };
      groups = groups.map((group) => ({
        ...group,
        tags: group.tags.map((each) => (each.id === tag.id ? renamed : each)),
      }));
      return refuse(request) ?? HttpResponse.json(renamed);
    }),
    ...listHandlers({ refuse, problem, record, change, lists }),
  ];
}
