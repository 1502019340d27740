// The pretended program's ledger and what goes out of it. Read by mock_api.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;

const AT = "2026-03-04T02:00:00.000Z";

export const ASSETS: Schema["Asset"][] = [
  {
    id: 1,
    code: "points",
    kind: "points",
    scale: 0,
    grace_seconds: 3600,
    expired: 2,
    adjusted: 3,
  },
  {
    id: 4,
    code: "cash",
    kind: "stored_value",
    scale: 2,
    grace_seconds: 0,
    expired: 5,
    adjusted: 6,
  },
  {
    id: 7,
    code: "stock:SKU-17",
    kind: "stock",
    scale: 0,
    grace_seconds: 0,
    expired: 8,
    adjusted: 9,
  },
];

export const LEDGER_ACCOUNT: Schema["LedgerAccountDetail"] = {
  id: 70,
  asset: "cash",
  owner_kind: "customer",
  owner: "42",
  book: "wallet",
  debt_allowed: false,
  has_lots: true,
  opened_at: AT,
  posted: 123_450,
  held: 5_000,
  free: 118_450,
  lots: [{ id: 9, left: 123_450, held: 5_000, expires: "2026-12-31T16:00:00.000Z", parent: null }],
  at: null,
};

export const STATEMENT: Schema["StatementRow"][] = [
  {
    account: 70,
    sequence: 2,
    amount: -550,
    lot: 9,
    effective_at: AT,
    entered_at: AT,
    refund_of: null,
    bundle: "pay/1001",
    why: "order:1001",
    balance: 123_450,
  },
  {
    account: 70,
    sequence: 1,
    amount: 124_000,
    lot: 9,
    effective_at: AT,
    entered_at: AT,
    refund_of: null,
    bundle: "top-up/7",
    why: "top_up:7",
    balance: 124_000,
  },
];

// The brand's side of it, which may owe.
const COUNTER_ACCOUNT: Schema["LedgerAccountDetail"] = {
  ...LEDGER_ACCOUNT,
  id: 71,
  owner_kind: "brand",
  owner: "",
  book: "main",
  debt_allowed: true,
  has_lots: false,
  posted: -123_450,
  held: 0,
  free: -123_450,
  lots: [],
};

export const BUNDLE: Schema["BundleDetail"] = {
  id: "pay/1001",
  why: "order:1001",
  state: "posted",
  effective_at: AT,
  entered_at: AT,
  held_until: null,
  ended_at: null,
  postings: [
    {
      account: 70,
      sequence: 2,
      amount: -550,
      lot: 9,
      effective_at: AT,
      entered_at: AT,
      refund_of: null,
    },
    {
      account: 71,
      sequence: 9,
      amount: 550,
      lot: null,
      effective_at: AT,
      entered_at: AT,
      refund_of: null,
    },
  ],
};

const PROOF: Schema["LedgerProof"] = {
  state: "balanced",
  proved_at: AT,
  accounts: 1200,
  bundles: 45_000,
  postings: 90_000,
  wrong: [],
};

export const DEAD: Schema["Intent"] = {
  id: 501,
  effect_id: "webhook/31/4711",
  lane: 81,
  priority: "sync",
  cause: "webhook/31",
  state: "dead",
  tries: 4,
  due: null,
  problem: "outbox.tried_often",
  receipt: null,
  created_at: AT,
  ended_at: null,
};

const LANE: Schema["Lane"] = {
  id: 81,
  account: null,
  kind: "webhook.31",
  count: 100,
  in_seconds: 1,
  burst: 200,
};

// No answer came, and the receiver cannot be asked.
const SILENT: Schema["Intent"] = {
  ...DEAD,
  id: 502,
  effect_id: "http_channel/41/test/90210",
  lane: 82,
  cause: "http_channel/41",
  priority: "transactional",
  tries: 1,
  problem: "outbox.unknown_outcome",
};

const DONE: Schema["Intent"] = {
  ...DEAD,
  id: 500,
  effect_id: "webhook/31/4712",
  state: "done",
  tries: 1,
  problem: null,
  ended_at: AT,
};

const CHANNEL_LANE: Schema["Lane"] = {
  id: 82,
  account: null,
  kind: "sms",
  count: 20,
  in_seconds: 60,
  burst: 5,
};

const WEBHOOK: Schema["Webhook"] = {
  id: 31,
  name: "CRM",
  url: "https://crm.example.com/hook",
  events: ["order_paid"],
  state: "on",
  lane: 81,
  cause: "webhook/31",
  version: 1,
  created_at: AT,
};

const valueNamed = (name: string) => `\${${name}}`;

const CHANNEL: Schema["HttpChannel"] = {
  id: 41,
  definition: {
    name: "短信",
    account: 0,
    kind: "sms",
    request: {
      method: "POST",
      url: "https://sms.example.com/send",
      headers: [{ name: "Authorization", value: `Bearer ${valueNamed("secret.token")}` }],
      body_kind: "json",
      body: `{"to": "${valueNamed("phone")}", "id": "${valueNamed("effect_id")}"}`,
    },
    meaning: { rules: [], receipt_pointer: "" },
    does_once: true,
  },
  secrets: ["token"],
  version: 1,
  created_at: AT,
};

export function ledgerHandlers(refuse: Refuse, empty: boolean) {
  const answer = (path: string, body: object) =>
    http.get(`*/api/v1${path}`, ({ request }) => refuse(request) ?? HttpResponse.json(body));
  return [
    answer("/ledger/proof", empty ? { ...PROOF, accounts: 0, bundles: 0, postings: 0 } : PROOF),
    answer("/ledger/assets", { assets: empty ? [] : ASSETS, next: null }),
    answer("/ledger/accounts/:id/statement", { rows: empty ? [] : STATEMENT, next: null }),
    http.get("*/api/v1/ledger/accounts/:id", ({ request, params }) => {
      const account = params.id === "71" ? COUNTER_ACCOUNT : LEDGER_ACCOUNT;
      const at = new URL(request.url).searchParams.get("at");
      const then = at === null ? null : { moment: AT, posted: 124_000 };
      return refuse(request) ?? HttpResponse.json({ ...account, at: then });
    }),
    answer("/ledger/accounts", {
      accounts: empty ? [] : [LEDGER_ACCOUNT, COUNTER_ACCOUNT].map(rowOf),
      next: null,
    }),
    http.post("*/api/v1/ledger/accounts", ({ request }) => {
      return refuse(request) ?? HttpResponse.json(rowOf(LEDGER_ACCOUNT), { status: 201 });
    }),
    http.post("*/api/v1/ledger/assets", ({ request }) => {
      return refuse(request) ?? HttpResponse.json(ASSETS[0], { status: 201 });
    }),
    http.patch("*/api/v1/ledger/assets/:id", ({ request }) => {
      return refuse(request) ?? HttpResponse.json(ASSETS[0]);
    }),
    answer("/ledger/bundles", { bundles: empty ? [] : [summaryOf(BUNDLE)], next: null }),
    answer("/ledger/bundle", BUNDLE),
    http.post("*/api/v1/ledger/accounts/:id/adjustments", async ({ request }) => {
      const refused = refuse(request);
      if (refused) return refused;
      const { id } = (await request.json()) as Schema["NewAdjustment"];
      const outcome = { id, state: "posted", entered_at: AT, held_until: null, repeated: false };
      return HttpResponse.json(outcome, { status: 201 });
    }),
    ...outboxHandlers(refuse, empty),
  ];
}

function rowOf(detail: Schema["LedgerAccountDetail"]): Schema["LedgerAccount"] {
  const { lots: _lots, at: _at, ...account } = detail;
  return account;
}

function summaryOf({ postings: _postings, ...summary }: Schema["BundleDetail"]) {
  return summary;
}

function outboxHandlers(refuse: Refuse, empty: boolean) {
  let dead = empty ? [] : [DEAD, SILENT];
  let pauses: Schema["Pause"][] = [];
  const decided = (id: unknown, state: Schema["Intent"]["state"]) => {
    dead = dead.filter((each) => String(each.id) !== id);
    return HttpResponse.json({ ...DEAD, state });
  };
  return [
    http.get(
      "*/api/v1/outbox/lanes",
      ({ request }) =>
        refuse(request) ?? HttpResponse.json({ lanes: empty ? [] : [LANE, CHANNEL_LANE] }),
    ),
    http.patch(
      "*/api/v1/outbox/lanes/:id",
      ({ request }) => refuse(request) ?? HttpResponse.json(LANE),
    ),
    http.get("*/api/v1/outbox/intents", ({ request }) => {
      const cause = new URL(request.url).searchParams.get("cause");
      const intents = [DONE, ...dead].filter((each) => each.cause === cause);
      return refuse(request) ?? HttpResponse.json({ intents, next: null });
    }),
    http.get(
      "*/api/v1/outbox/dead-letters",
      ({ request }) => refuse(request) ?? HttpResponse.json({ intents: dead, next: null }),
    ),
    http.post(
      "*/api/v1/outbox/dead-letters/:id/replay",
      ({ request, params }) => refuse(request) ?? decided(params.id, "queued"),
    ),
    http.post(
      "*/api/v1/outbox/dead-letters/:id/drop",
      ({ request, params }) => refuse(request) ?? decided(params.id, "dropped"),
    ),
    http.get(
      "*/api/v1/outbox/pauses",
      ({ request }) => refuse(request) ?? HttpResponse.json({ pauses }),
    ),
    http.post("*/api/v1/outbox/pauses", async ({ request }) => {
      const refused = refuse(request);
      if (refused) return refused;
      const { what } = (await request.json()) as Schema["PauseSubject"];
      pauses = [...pauses, { what, since: AT, by_whom: "user:1 zhang.wei" }];
      return HttpResponse.json({ pauses });
    }),
    http.post("*/api/v1/outbox/resumptions", ({ request }) => {
      const refused = refuse(request);
      if (refused) return refused;
      pauses = [];
      return HttpResponse.json({ pauses });
    }),
    ...channelHandlers(refuse, empty),
  ];
}

function channelHandlers(refuse: Refuse, empty: boolean) {
  const signing_key = "5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd";
  const tested = { ...DEAD, state: "queued", problem: null, tries: 0 };
  const state = { ...WEBHOOK, position: "4711", rows_behind: 0, standing: 3 };
  const made = (body: object, status = 200) => HttpResponse.json(body, { status });
  return [
    http.get(
      "*/api/v1/webhooks",
      ({ request }) => refuse(request) ?? made({ webhooks: empty ? [] : [state] }),
    ),
    http.post(
      "*/api/v1/webhooks",
      ({ request }) => refuse(request) ?? made({ ...WEBHOOK, signing_key }, 201),
    ),
    http.patch("*/api/v1/webhooks/:id", ({ request }) => refuse(request) ?? made(WEBHOOK)),
    http.delete(
      "*/api/v1/webhooks/:id",
      ({ request }) => refuse(request) ?? new HttpResponse(null, { status: 204 }),
    ),
    http.post(
      "*/api/v1/webhooks/:id/key",
      ({ request }) => refuse(request) ?? made({ ...WEBHOOK, signing_key }),
    ),
    http.post("*/api/v1/webhooks/:id/test", ({ request }) => refuse(request) ?? made(tested, 201)),
    http.get(
      "*/api/v1/http-channels",
      ({ request }) => refuse(request) ?? made({ channels: empty ? [] : [CHANNEL] }),
    ),
    http.post("*/api/v1/http-channels", ({ request }) => refuse(request) ?? made(CHANNEL, 201)),
    http.get("*/api/v1/http-channels/:id", ({ request }) => refuse(request) ?? made(CHANNEL)),
    http.patch("*/api/v1/http-channels/:id", ({ request }) => refuse(request) ?? made(CHANNEL)),
    http.delete(
      "*/api/v1/http-channels/:id",
      ({ request }) => refuse(request) ?? new HttpResponse(null, { status: 204 }),
    ),
    http.post(
      "*/api/v1/http-channels/:id/secrets",
      ({ request }) => refuse(request) ?? made(CHANNEL),
    ),
    http.post(
      "*/api/v1/http-channels/:id/test",
      ({ request }) => refuse(request) ?? made(tested, 201),
    ),
  ];
}
