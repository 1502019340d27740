// The pretended program's orders: of RECORD all of them. Read by mock_api.ts and
// mock_customers.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { RECORD } from "./fixtures";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Problem = (problem: { status: number; code: string }) => Response;

const AT = "2026-03-05T00:00:00.000Z";
const PATH = "*/api/v1/orders";

export const ORDERS: Schema["Order"][] = [
  order("A-1009", "received", { placed_at: "2026-03-02T01:10:00.000Z", paid: "1234.50", items: 3 }),
  order("A-0901", "refunded", {
    placed_at: "2026-02-10T12:00:00.000Z",
    paid: "88.00",
    refunded: "88.00",
    items: 1,
  }),
  order("A-0812", "created", { placed_at: "2026-01-20T09:30:00.000Z" }),
];

function order(
  id: string,
  state: Schema["OrderState"],
  more: Partial<Schema["Order"]>,
): Schema["Order"] {
  const never = { shipped_at: null, received_at: null, refunded_at: null, closed_at: null };
  return {
    id,
    customer: RECORD.key,
    customer_id: RECORD.id,
    customer_name: RECORD.name,
    state,
    placed_at: AT,
    created_at: AT,
    paid_at: null,
    ...never,
    amount: null,
    paid: "0.00",
    refunded: "0.00",
    items: null,
    sku_list: [],
    coupon: null,
    ...more,
  };
}

// Those a request asks for: by day, as the program's zone has them, and by state.
function asked({ url }: Request) {
  const query = new URL(url).searchParams;
  const [state, from, to] = ["state", "from", "to"].map((name) => query.get(name) ?? "");
  return ORDERS.filter(
    (each) =>
      (!state || each.state === state) &&
      (!from || each.placed_at >= from) &&
      (!to || each.placed_at < to),
  );
}

const SUMS: Record<string, Partial<Schema["OrderSummary"]>> = {
  "A-1009,A-0901,A-0812": { paid: "1322.50", refunded: "88.00", net: "1234.50", orders_paid: 2 },
  "A-0901": { paid: "88.00", refunded: "88.00", orders_paid: 1 },
  "A-1009": { paid: "1234.50", net: "1234.50", orders_paid: 1 },
};

export function orderHandlers(refuse: Refuse, problem: Problem, empty: boolean) {
  const now = { position: "12", fresh: true };
  return [
    http.get(
      PATH,
      ({ request }) =>
        refuse(request) ??
        HttpResponse.json({ orders: empty ? [] : asked(request), next: null, ...now }),
    ),
    http.get(`${PATH}/summary`, ({ request }) => {
      const found = empty ? [] : asked(request);
      return (
        refuse(request) ??
        HttpResponse.json({
          orders: found.length,
          orders_paid: 0,
          paid: "0.00",
          refunded: "0.00",
          net: "0.00",
          orders_of_tests: empty ? 0 : 1,
          ...SUMS[found.map(({ id }) => id).join()],
          ...now,
        })
      );
    }),
    http.get(`${PATH}/:id`, ({ request, params }) => {
      const found = ORDERS.find(({ id }) => id === params.id);
      if (!found) return refuse(request) ?? problem({ status: 404, code: "api.unknown_order" });
      const told = (event: string, amount: string | null, items: number | null = null) => ({
        event,
        time: found.placed_at,
        amount,
        items,
        sku_list: [],
      });
      const events = [
        told("order_created", null, found.items),
        ...(found.paid === "0.00" ? [] : [told("order_paid", found.paid)]),
        ...(found.refunded === "0.00" ? [] : [told("order_refunded", found.refunded)]),
      ];
      const sku_list = found.items === null ? [] : ["SKU-1 白茶"];
      return refuse(request) ?? HttpResponse.json({ ...found, sku_list, events, ...now });
    }),
  ];
}
