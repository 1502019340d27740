// The pretended program's settings: users, keys, vocabulary, audit. Read by mock_api.ts.
import { HttpResponse, http } from "msw";
import type { Schema } from "@/api/client";
import { NAMES, SESSION } from "./fixtures";

const AT = "2026-03-04T02:00:00.000Z";

export const USERS: Schema["User"][] = [
  { ...SESSION.user, last_sign_in_at: AT },
  {
    id: 2,
    name: "li.na",
    display_name: "李娜",
    role: "operator",
    state: "active",
    created_at: AT,
    last_sign_in_at: null,
    second_factor: true,
    scope: "stores",
    staff: 31,
  },
];

export const ACCOUNTS: Schema["BrandAccount"][] = [
  {
    id: 11,
    kind: "official_account",
    external_id: "wx0123456789abcdef",
    name: "山间茶",
    state: "open",
    created_at: AT,
  },
  {
    id: 12,
    kind: "mall",
    external_id: "k-20260101",
    name: "山间茶商城",
    state: "closed",
    created_at: AT,
  },
];

export const STORES: Schema["Store"][] = [
  {
    id: 21,
    code: "HZ01",
    name: "西湖店",
    city: "杭州",
    address: "北山街 1 号",
    latitude: 30.259244,
    longitude: 120.130663,
    state: "open",
    created_at: AT,
  },
  {
    id: 22,
    code: "HZ02",
    name: "滨江店",
    city: "杭州",
    address: "",
    latitude: null,
    longitude: null,
    state: "closed",
    created_at: AT,
  },
];

export const STAFF: Schema["Staff"][] = [
  {
    id: 31,
    number: "007",
    name: "林芳",
    phone: "138****8000",
    stores: [21, 22],
    state: "active",
    created_at: AT,
  },
  {
    id: 32,
    number: "008",
    name: "周涛",
    phone: null,
    stores: [],
    state: "left",
    created_at: AT,
  },
  {
    id: 34,
    number: "010",
    name: "陈静",
    phone: "137****0010",
    stores: [22],
    state: "active",
    created_at: AT,
  },
];

// As the program searches: without regard to case, anywhere.
const found = <T>(things: T[], url: URL, texts: (thing: T) => string[]) => {
  const search = (url.searchParams.get("search") ?? "").toLowerCase();
  return things.filter((thing) => texts(thing).join("\n").toLowerCase().includes(search));
};

export const KEYS: Schema["Key"][] = [
  {
    id: 5,
    name: "商城订单同步",
    prefix: "siyu_k5Q2",
    scopes: ["events.write", "customers.write"],
    write_only: false,
    origins: [],
    created_at: AT,
    expires_at: null,
    last_used_at: AT,
    revoked_at: null,
  },
  {
    id: 4,
    name: "报表",
    prefix: "siyu_9aXz",
    scopes: ["audiences.read"],
    write_only: false,
    origins: [],
    created_at: AT,
    expires_at: null,
    last_used_at: null,
    revoked_at: AT,
  },
  {
    id: 3,
    name: "官网",
    prefix: "siyu_w3bS",
    scopes: ["events.track"],
    write_only: true,
    origins: ["https://shop.example.com", "https://www.example.com"],
    created_at: AT,
    expires_at: null,
    last_used_at: AT,
    revoked_at: null,
  },
];

// What the last request has left: the pretended second factor.
const OFF: Schema["SecondFactor"] = { on: false, since: null, recovery_codes_left: 0 };
const ON: Schema["SecondFactor"] = { on: true, since: AT, recovery_codes_left: 10 };
export const CODE = "123456";
export const TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

const setting = (name: string, more: Partial<Schema["Setting"]>): Schema["Setting"] => ({
  name,
  description: "What the program says of it.",
  type: "text",
  value: "",
  default: "",
  unit: "",
  least: 0,
  most: 200,
  choices: [],
  example: "",
  restart: false,
  ...more,
});

export const SETTINGS: Schema["Setting"][] = [
  setting("time_zone", { type: "zone", value: "Asia/Shanghai", default: "Asia/Shanghai" }),
  setting("brand_name", { value: "山间茶", example: "Mountain Tea" }),
  setting("console_language", {
    type: "choice",
    value: "zh",
    default: "zh",
    choices: ["zh", "en"],
  }),
  setting("idempotency_window", { type: "duration", value: "7d", default: "7d", example: "14d" }),
  setting("trusted_proxies", { example: "127.0.0.1", restart: true }),
  setting("reachable_networks", { example: "10.2.0.0/16", restart: true }),
  setting("backup_folder", { value: "/backup/siyu", example: "/backup/siyu" }),
  setting("backup_hour", { type: "integer", value: "3", default: "3" }),
  setting("backup_keep_days", { type: "integer", value: "14", default: "14" }),
  setting("backup_keep_weeks", { type: "integer", value: "8", default: "8" }),
  setting("value_hour", { type: "integer", value: "4", default: "4" }),
  setting("not_known_yet", { type: "integer", value: "3", default: "3" }),
];

export const SESSIONS: Schema["OpenSession"][] = [
  {
    id: 11,
    user: 1,
    started_at: AT,
    last_used_at: AT,
    address: "127.0.0.1",
    device: "Chrome · Windows",
    current: true,
  },
  {
    id: 12,
    user: 1,
    started_at: AT,
    last_used_at: AT,
    address: "192.0.2.7",
    device: "Safari · iPhone",
    current: false,
  },
];

const entry = (id: string, more: Partial<Schema["AuditEntry"]>): Schema["AuditEntry"] => ({
  id,
  at: AT,
  actor: "user:1 zhang.wei",
  from: "127.0.0.1",
  noun: "audience",
  verb: "changed",
  subject: "3",
  before: null,
  after: null,
  ...more,
});

export const AUDIT: Schema["AuditEntry"][] = [
  entry("6", {
    noun: "customer",
    verb: "attribute_changed",
    subject: "42",
    actor: "key:5 商城订单同步",
    before: { changed: "city", value: "北京" },
    after: { changed: "city", value: "上海" },
  }),
  entry("5", {
    noun: "user",
    subject: "2",
    before: { name: "li.na", display_name: "李娜", role: "analyst", state: "active" },
    after: { name: "li.na", display_name: "李娜", role: "operator", state: "active" },
  }),
  entry("4", {
    before: { name: "老客", rule: "did order_paid >= 2 times in last 90d" },
    after: { name: "老客", rule: "did order_paid >= 3 times in last 90d" },
  }),
  entry("3", { noun: "setting", subject: "brand_name", before: "", after: "山间茶" }),
  entry("2", {
    noun: "key",
    verb: "revoked",
    subject: "4",
    before: { name: "报表", prefix: "siyu_9aXz", scopes: ["audiences.read"] },
    after: {
      name: "报表",
      prefix: "siyu_9aXz",
      scopes: ["audiences.read"],
      revoked_at_ms: Date.parse(AT),
    },
  }),
  entry("1", { noun: "user", verb: "created", subject: "2", after: { name: "li.na" } }),
];

export const EVENT_TYPES: Schema["EventType"][] = NAMES.events.map((type) => ({
  ...type,
  own_label_zh: "",
  own_label_en: "",
  declared: true,
  properties: type.properties.map((property) => ({ ...property, wrong_values: 0 })),
}));

const IDENTITY_KINDS: Schema["IdentityKind"][] = [
  { id: 1, name: "customer", form: "plain", one_per_person: false },
  { id: 2, name: "phone", form: "phone", one_per_person: false },
  { id: 3, name: "unionid", form: "plain", one_per_person: true },
];

type Refusal = (request: Request) => Response | null;
type Fail = (problem: { status: number; code: string }) => Response;

export function settingsHandlers(forged: Refusal, problem: Fail, empty: boolean) {
  let factor = OFF;
  const some = <T>(things: T[]) => (empty ? [] : things);
  const shows = (path: string, answer: (url: URL) => object) =>
    http.get(`*/api/v1${path}`, ({ request }) => HttpResponse.json(answer(new URL(request.url))));
  // One of several, by the id at the end of the path.
  const one = <T extends { id: number }>(things: readonly T[], { pathname }: URL): T =>
    things.find(({ id }) => pathname.endsWith(`/${id}`)) ?? (things[0] as T);
  const writes = (
    method: "post" | "put" | "patch" | "delete",
    path: string,
    answer: (body: Record<string, unknown>) => object | Response | null,
  ) =>
    http[method](`*/api/v1${path}`, async ({ request }) => {
      const text = await request.text();
      const answered = answer(text === "" ? {} : JSON.parse(text));
      const refusal = forged(request);
      if (refusal) return refusal;
      if (answered instanceof Response) return answered;
      if (answered === null) return new HttpResponse(null, { status: 204 });
      return HttpResponse.json(answered, { status: method === "post" ? 201 : 200 });
    });

  return [
    shows("/users", () => ({ users: empty ? USERS.slice(0, 1) : USERS })),
    writes("post", "/users", (body) => ({ ...USERS[1], ...body, password: undefined, id: 7 })),
    writes("patch", "/users/:id", (body) => ({ ...USERS[1], ...body })),
    writes("delete", "/users/:id", () => null),
    writes("post", "/users/:id/reset", () => ({ token: "link-of-a-day", expires_at: AT })),
    http.post("*/api/v1/reset", () => new HttpResponse(null, { status: 204 })),
    shows("/sessions", () => ({ sessions: empty ? SESSIONS.slice(0, 1) : SESSIONS })),
    writes("delete", "/sessions/:id", () => null),
    writes("delete", "/sessions", () => ({ ended: 1 })),
    writes("put", "/session/password", () => null),
    shows("/session/second-factor", () => factor),
    writes("post", "/session/second-factor", ({ password }) =>
      password === "wrong"
        ? problem({ status: 422, code: "access.wrong_password" })
        : {
            secret: TOTP_SECRET,
            uri:
              `otpauth://totp/Siyu:zhang.wei?secret=${TOTP_SECRET}` +
              "&issuer=Siyu&digits=6&period=30",
          },
    ),
    writes("post", "/session/second-factor/confirm", ({ code }) => {
      if (code !== CODE) return problem({ status: 422, code: "access.code_wrong" });
      factor = ON;
      const codes = Array.from({ length: 10 }, (_, n) => `k${n}fh-wq2m-9xpr-t4bd`);
      return { recovery_codes: codes };
    }),
    writes("post", "/session/second-factor/remove", ({ code }) => {
      if (code !== CODE) return problem({ status: 422, code: "access.code_wrong" });
      factor = OFF;
      return null;
    }),
    writes("delete", "/users/:id/second-factor", () => null),
    shows("/accounts", () => ({ accounts: some(ACCOUNTS) })),
    writes("post", "/accounts", (body) => ({ ...ACCOUNTS[0], ...body, id: 13 })),
    writes("patch", "/accounts/:id", (body) => ({ ...ACCOUNTS[0], ...body })),
    shows("/stores", (url) => ({
      stores: found(some(STORES), url, ({ code, name, city }) => [code, name, city]),
      next: null,
    })),
    writes("post", "/stores", (body) => ({ ...STORES[1], ...body, id: 23 })),
    writes("patch", "/stores/:id", (body) => ({ ...STORES[0], ...body })),
    shows("/stores/:id", (url) => one(STORES, url)),
    shows("/staff/:id", (url) => one(STAFF, url)),
    shows("/staff", (url) => ({
      staff: found(some(STAFF), url, ({ number, name }) => [number, name]),
      next: null,
    })),
    writes("post", "/staff", (body) => ({ ...STAFF[1], ...body, id: 33 })),
    writes("patch", "/staff/:id", (body) => ({ ...STAFF[0], ...body })),
    shows("/keys", () => ({ keys: some(KEYS) })),
    writes("post", "/keys", (body) => ({
      key: { ...KEYS[0], id: 6, ...body },
      secret: "siyu_shown_this_once",
    })),
    writes("delete", "/keys/:id", () => null),
    shows("/settings", () => ({ settings: SETTINGS })),
    writes("put", "/settings/:name", (body) =>
      setting("brand_name", { value: String(body.value) }),
    ),
    shows("/event-types", () => ({ event_types: EVENT_TYPES })),
    writes("post", "/event-types", () => EVENT_TYPES[0] as object),
    shows("/attributes", () => ({
      attributes: some(NAMES.attributes).map((each, id) => ({
        ...each,
        id: id + 1,
        declared: true,
        wrong_values: id,
      })),
    })),
    writes("post", "/attributes", (body) => ({ id: 9, declared: true, wrong_values: 0, ...body })),
    writes("patch", "/attributes/:id", (body) => ({ name: "city", ...body })),
    writes("patch", "/event-types/:event", (body) => ({ name: "tea_tasted", ...body })),
    writes("patch", "/event-types/:event/properties/:property", (body) => ({
      name: "items",
      ...body,
    })),
    shows("/identity-kinds", () => ({ identity_kinds: IDENTITY_KINDS })),
    writes("post", "/identity-kinds", (body) => ({ id: 9, one_per_person: false, ...body })),
    shows("/consent-purposes", () => ({
      purposes: some(NAMES.purposes).map((name) => ({ name })),
      channels: NAMES.channels,
    })),
    writes("post", "/consent-purposes", (body) => body),
    shows("/audit", ({ searchParams }) => {
      const [noun, verb] = [searchParams.get("noun"), searchParams.get("verb")];
      const [kind, actor] = [searchParams.get("actor_kind"), searchParams.get("actor")];
      return {
        entries: some(AUDIT).filter(
          (each) =>
            (noun === null || each.noun === noun) &&
            (verb === null || each.verb === verb) &&
            (actor === null || each.actor.split(" ")[0] === actor) &&
            (kind === null || each.actor.startsWith(`${kind}:`)),
        ),
        next: null,
      };
    }),
  ];
}
