// One small shop, as the API would answer: for unit tests and for the mock server of e2e/.
import type { Schema } from "@/api/client";

// Everything: the owner's.
export const PERMISSIONS: Schema["Permission"][] = [
  "users.read",
  "users.write",
  "owners.write",
  "keys.read",
  "keys.write",
  "settings.read",
  "settings.write",
  "audit.read",
  "events.read",
  "events.declare",
  "events.write",
  "events.track",
  "customers.read",
  "customers.declare",
  "customers.write",
  "customers.merge",
  "customers.erase",
  "tags.write",
  "lists.write",
  "audiences.read",
  "audiences.write",
  "imports.read",
  "imports.write",
  "questions.stop",
  "accounts.read",
  "accounts.write",
  "customers.assign",
  "system.read",
  "ledger.read",
  "ledger.write",
  "outbox.read",
  "outbox.write",
];

export const AUDIENCES: Schema["AudienceRow"][] = [
  {
    id: 3,
    name: "老客",
    rule: "did order_paid >= 3 times in last 90d",
    version: 2,
    changed_at: "2026-03-01T02:00:00.000Z",
    changed_by: "user:1 zhang.wei",
  },
];

export const SESSION: Schema["Session"] = {
  user: {
    id: 1,
    name: "zhang.wei",
    display_name: "张伟",
    role: "owner",
    state: "active",
    created_at: "2026-01-01T00:00:00.000Z",
    last_sign_in_at: null,
    second_factor: false,
    scope: "all",
    staff: null,
  },
  permissions: PERMISSIONS,
  masks: { phones: false, names: false, attributes: [], properties: [] },
  csrf_token: "token-of-the-session",
  zone: "Asia/Shanghai",
  language: "zh-CN",
  demo: false,
  demo_made_at: null,
};

function field(
  name: string,
  type: Schema["ValueType"],
  note: Partial<Schema["FieldName"]> = {},
): Schema["FieldName"] {
  return { name, type, label_zh: "", label_en: "", personal: false, ...note };
}

export const NAMES: Schema["Names"] = {
  attributes: [
    field("age", "int"),
    field("birthday", "date", { label_zh: "生日", label_en: "Birthday", personal: true }),
    field("city", "text"),
    field("interests", "text_list"),
    field("spent", "money"),
    field("subscribed", "bool"),
  ],
  events: [
    {
      name: "order_paid",
      label_zh: "支付",
      label_en: "Order paid",
      properties: [
        field("amount", "money"),
        field("items", "int", { label_zh: "件数" }),
        field("order_id", "text"),
      ],
    },
    {
      name: "product_viewed",
      label_zh: "看商品",
      label_en: "Product viewed",
      properties: [field("sku", "text"), field("price", "money")],
    },
    { name: "code_scanned", label_zh: "扫码", label_en: "Code scanned", properties: [] },
  ],
  tags: ["等级/VIP", "来源/门店A"],
  tag_groups: ["等级", "来源"],
  audiences: ["老客"],
  lists: ["内测名单"],
  purposes: ["marketing"],
  channels: ["sms", "wechat"],
  identity_kinds: ["phone", "openid"],
  models: [],
};

export const RECORD: Schema["Customer"] = {
  id: 42,
  key: "CDNOW-00042",
  name: "王小明",
  created_at: "2026-01-02T01:00:00.000Z",
  known_since: "2025-11-03T02:30:00.000Z",
  identities: [
    { kind: "customer", value: "CDNOW-00042" },
    { kind: "phone", value: "13800138000" },
    { kind: "openid", value: "oX7x50aBcDeFgHiJkLmNoPqRsTuV" },
  ],
  attributes: [
    { name: "age", type: "int", value: 31, since: "2026-01-02T01:00:00.000Z", source: "import" },
    {
      name: "city",
      type: "text",
      value: "上海",
      since: "2026-01-02T01:00:00.000Z",
      source: "form",
    },
    {
      name: "interests",
      type: "text_list",
      value: ["咖啡", "徒步"],
      since: "2026-02-02T01:00:00.000Z",
      source: "survey",
    },
    {
      name: "spent",
      type: "money",
      value: "12345.60",
      since: "2026-03-02T01:00:00.000Z",
      source: "orders",
    },
    {
      name: "subscribed",
      type: "bool",
      value: true,
      since: "2026-03-02T01:00:00.000Z",
      source: "api",
    },
  ],
  tags: [
    { id: 1, group: "等级", name: "VIP", since: "2026-02-01T00:00:00.000Z" },
    { id: 2, group: "来源", name: "门店A", since: "2026-01-02T01:00:00.000Z" },
  ],
  lists: [{ id: 1, name: "内测名单", since: "2026-02-01T00:00:00.000Z" }],
  consents: [
    {
      purpose: "marketing",
      channel: "sms",
      state: "given",
      at: "2026-01-02T01:00:00.000Z",
      how: "form",
      wording: "我同意接收优惠短信",
      proof: "form-7",
    },
    {
      purpose: "marketing",
      channel: "wechat",
      state: "withdrawn",
      at: "2026-03-05T01:00:00.000Z",
      how: "menu",
      wording: "",
      proof: "",
    },
  ],
  merges: [],
  test_account: null,
  computed: [],
};

export const EVENTS: Schema["Event"][] = [
  event(9, "order_paid", "2026-03-02T01:15:00.000Z", {
    order_id: "A-1009",
    amount: "1234.50",
    items: 3,
  }),
  event(8, "product_viewed", "2026-03-02T01:02:00.000Z", { sku: "SKU-7", price: "199.00" }),
  event(7, "order_paid", "2026-02-10T12:00:00.000Z", {
    order_id: "A-0901",
    amount: "88.00",
    items: 1,
  }),
  event(1, "code_scanned", "2025-11-03T02:30:00.000Z", { code: "poster-3" }),
];

function event(
  position: number,
  name: string,
  time: string,
  properties: Record<string, unknown>,
): Schema["Event"] {
  return {
    position: String(position),
    event: name,
    time,
    arrived_at: time,
    source: "csv 4711",
    live: false,
    properties,
  };
}

const paid: Schema["ExplainedNode"] = {
  rule: "did order_paid >= 2 times in last 30d",
  answer: true,
  since: "2026-03-02T01:15:00.000Z",
  next_change: "2026-03-12T12:00:00.001Z",
  facts: [
    {
      kind: "event",
      name: "order_paid",
      time: "2026-03-02T01:15:00.000Z",
      properties: { amount: "1234.50", order_id: "A-1009" },
    },
    {
      kind: "event",
      name: "order_paid",
      time: "2026-02-10T12:00:00.000Z",
      properties: { amount: "88.00", order_id: "A-0901" },
    },
  ],
  facts_total: 2,
  parts: [],
};

const shanghai: Schema["ExplainedNode"] = {
  rule: 'city = "上海"',
  answer: true,
  since: "2026-01-02T01:00:00.000Z",
  next_change: null,
  facts: [{ kind: "attribute", name: "city", time: "2026-01-02T01:00:00.000Z", value: "上海" }],
  facts_total: 1,
  parts: [],
};

const vip: Schema["ExplainedNode"] = {
  rule: 'tag "等级/VIP"',
  answer: true,
  since: "2026-02-01T00:00:00.000Z",
  next_change: null,
  facts: [{ kind: "membership", name: "等级/VIP", time: "2026-02-01T00:00:00.000Z", until: null }],
  facts_total: 1,
  parts: [],
};

export const RULE =
  'did order_paid >= 2 times in last 30d and (city = "上海" or not tag "等级/VIP")';

export const EXPLANATION: Schema["Explanation"] = {
  customer: { id: RECORD.id, key: RECORD.key },
  test_account: false,
  at: "2026-03-05T00:00:00.000Z",
  position: "12",
  fresh: true,
  answer: true,
  since: "2026-03-02T01:15:00.000Z",
  next_change: "2026-03-12T12:00:00.001Z",
  known_since: RECORD.known_since,
  tree: {
    rule: RULE,
    answer: true,
    since: "2026-03-02T01:15:00.000Z",
    next_change: "2026-03-12T12:00:00.001Z",
    facts: [],
    facts_total: 0,
    parts: [
      paid,
      {
        rule: 'city = "上海" or not tag "等级/VIP"',
        answer: true,
        since: "2026-01-02T01:00:00.000Z",
        next_change: null,
        facts: [],
        facts_total: 0,
        parts: [
          shanghai,
          {
            rule: 'not tag "等级/VIP"',
            answer: false,
            since: "2026-02-01T00:00:00.000Z",
            next_change: null,
            facts: [],
            facts_total: 0,
            parts: [vip],
          },
        ],
      },
    ],
  },
  warnings: [],
};
