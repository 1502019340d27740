// The pretended program's imports and the files sent to it. By the name of a file:
//   "empty…" is empty · "youzan…" an export of orders · "sheets…" a workbook of two sheets
//   anything else some customers, of whom one has a masked phone
// An import runs until it has been looked at twice. Read by mock_api.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";
import { IMPORTS } from "./mock_workspace";

type Refuse = (request: StrictRequest<DefaultBodyType>) => Response | null;
type Problem = (problem: { status: number; code: string }) => Response;
type Upload = Schema["Upload"];
type Json = Record<string, unknown>;

const AT = "2026-03-05T00:00:00.000Z";
const ROWS = 1200;
const PAGE = 50;
const MASKED = {
  line: 4,
  column: "手机",
  code: "intake.identity_masked",
  detail: "身份已打码（如 138****0000），无法确定客户。",
};

const CUSTOMERS = {
  columns: [
    { name: "手机", filled: ROWS, samples: ["13800138000", "13900139000"], type: "text" },
    { name: "姓名", filled: 900, samples: ["王芳", "李伟"], type: "text" },
    { name: "入会日", filled: 600, samples: ["2026-01-02"], type: "date" },
    { name: "单价", filled: ROWS, samples: ["12.50"], type: "decimal" },
    { name: "备注", filled: 0, samples: [], type: "text" },
  ],
  recognised: "any",
  mapping: {
    kind: "customers",
    columns: [
      { column: "手机", as: "identity", name: "phone" },
      { column: "姓名", as: "attribute", name: "name", type: "text" },
    ],
  },
};

const ORDERS = {
  columns: [
    { name: "订单号", filled: ROWS, samples: ["E2026"], type: "text" },
    { name: "收货人手机", filled: ROWS, samples: ["13800138000"], type: "text" },
    { name: "买家付款时间", filled: ROWS, samples: ["2026-03-01 10:00:00"], type: "time" },
    { name: "订单实付金额", filled: ROWS, samples: ["88.00"], type: "money" },
  ],
  recognised: "youzan_orders",
  mapping: {
    kind: "orders",
    columns: [{ column: "收货人手机", as: "identity", name: "phone" }],
    events: [
      {
        event: "order_paid",
        time: { columns: ["买家付款时间"] },
        amount: "订单实付金额",
      },
    ],
    order: "订单号",
  },
};

const UNDO = {
  customers: 800,
  done: 400,
  failed: false,
  kept: ["c_42 tag 等级/VIP", "c_43 attribute city"],
};

const reportOf = (id: number, file: string, kind: string, dry: boolean) => ({
  id: dry ? 0 : id,
  kind: kind === "customers" ? "customers" : "events",
  file,
  state: dry ? "dry_run" : "done",
  by: "zhang.wei",
  at: AT,
  rows_read: ROWS,
  rows_imported: ROWS - 1,
  rows_repeated: 0,
  rows_left_out: 1,
  customers_created: 800,
  left_out: [MASKED],
  values_left_out: [{ line: 9, column: "入会日", code: "value.not_a_date", detail: "不是日期。" }],
  values_left_out_count: 1,
  rows_left_by_rule: 0,
  stop_asked: false,
});

interface Column {
  column: string;
  as: string;
  name?: string;
  type?: string;
}

// What a mapping makes of the file, as far as tests look.
function lookedAt(mapping: Json): Pick<Upload, "problems" | "preview" | "mapping"> {
  const columns = (mapping.columns ?? []) as Column[];
  if (!columns.some(({ as }) => as === "identity")) {
    const detail = "映射没有身份列：请选择保存手机号或客户编号的列。";
    const problems = [{ code: "mapping.no_customer", subject: "", detail }];
    return { mapping, problems, preview: null };
  }
  const values = columns.filter(({ as }) => as === "attribute" || as === "property");
  const head = values.map(({ name, type }) => (type ? `${name}:${type}` : `${name}`));
  return {
    mapping,
    problems: [],
    preview: {
      columns: ["customer", "customer_kind", ...head],
      rows: [2, 3].map((line) => ({
        line,
        fields: ["13800138000", "phone", ...values.map(({ column }) => `${column}-${line}`)],
      })),
      made: ROWS - 1,
      unusable: [MASKED],
      unusable_count: 1,
      values_left_out: [],
      values_left_out_count: 0,
      other_persons: [],
      other_persons_count: 0,
      refunds_known: true,
      rows_of_file: ROWS,
      rows_left_by_rule: 0,
    },
  };
}

function sent(id: number, file: string): Upload {
  const { mapping, ...known } = file.startsWith("youzan") ? ORDERS : CUSTOMERS;
  const sheets = file.startsWith("sheets")
    ? [
        { name: "客户", hidden: false, empty: false },
        { name: "旧", hidden: true, empty: false },
      ]
    : [];
  return {
    id,
    file,
    at: AT,
    state: "ready",
    fault: null,
    report: null,
    form: sheets.length > 0 ? "xlsx" : "csv",
    bytes: 65_536,
    rows: ROWS,
    sheets,
    sheet: sheets[0]?.name ?? null,
    notes:
      sheets.length > 0
        ? {
            formulas: 12,
            formulas_without_value: 3,
            errors: 0,
            dates: 40,
            digits_lost: 1200,
            merged_ranges: 0,
            hidden_rows: 2,
            hidden_columns: 0,
          }
        : null,
    encoding: sheets.length > 0 ? null : "UTF-8",
    delimiter: sheets.length > 0 ? null : ",",
    ...known,
    ...lookedAt(mapping),
  };
}

type SavedMapping = Schema["SavedMapping"];

const savedFirst = (): SavedMapping => ({
  id: 31,
  name: "门店会员",
  kind: "customers",
  version: 3,
  changed_at: AT,
  changed_by: "zhang.wei",
  mapping: {
    kind: "customers",
    columns: [
      { column: "手机", as: "identity", name: "phone" },
      { column: "入会日", as: "attribute", name: "joined", type: "date" },
    ],
  },
});

// Saved mappings; `saved` is shared with the uploads, which tell the ones that fit.
function mappingHandlers(refuse: Refuse, problem: Problem, saved: Map<number, SavedMapping>) {
  const one = (params: { id?: string | readonly string[] }) => saved.get(Number(params.id));
  const missing = () => problem({ status: 404, code: "mapping.no_such_mapping" });
  const differs = () => problem({ status: 409, code: "mapping.version_differs" });
  const taken = (name: unknown, id: number) =>
    [...saved.values()].some((each) => each.name === name && each.id !== id);
  return [
    http.get(
      "*/api/v1/mappings",
      ({ request }) =>
        refuse(request) ??
        HttpResponse.json({
          mappings: [...saved.values()].map(({ mapping: _mapping, ...line }) => line),
        }),
    ),
    http.post("*/api/v1/mappings", async ({ request }) => {
      const refused = refuse(request);
      if (refused) return refused;
      const { name, mapping } = (await request.json()) as { name: string; mapping: Json };
      if (taken(name, 0)) return problem({ status: 409, code: "mapping.name_taken" });
      const id = Math.max(30, ...saved.keys()) + 1;
      const kind = mapping.kind as SavedMapping["kind"];
      saved.set(id, { ...savedFirst(), id, name, kind, version: 1, mapping });
      return HttpResponse.json(saved.get(id), { status: 201 });
    }),
    http.get(
      "*/api/v1/mappings/:id",
      ({ request, params }) =>
        refuse(request) ?? (one(params) ? HttpResponse.json(one(params)) : missing()),
    ),
    http.put("*/api/v1/mappings/:id", async ({ request, params }) => {
      const before = one(params);
      const refused = refuse(request);
      if (refused || !before) return refused ?? missing();
      const { version, ...change } = (await request.json()) as Schema["MappingChange"];
      if (version !== before.version) return differs();
      const after = { ...before, ...change, version: version + 1 };
      saved.set(before.id, after);
      return HttpResponse.json(after);
    }),
    http.delete("*/api/v1/mappings/:id", ({ request, params }) => {
      const before = one(params);
      const refused = refuse(request);
      if (refused || !before) return refused ?? missing();
      const version = Number(new URL(request.url).searchParams.get("version"));
      if (version !== before.version) return differs();
      saved.delete(before.id);
      return new HttpResponse(null, { status: 204 });
    }),
  ];
}

function fittingOf(saved: Map<number, SavedMapping>, upload: Upload) {
  const names = new Set(upload.columns?.map(({ name }) => name));
  return [...saved.values()]
    .filter(({ mapping }) =>
      ((mapping.columns ?? []) as Column[]).every(({ column }) => names.has(column)),
    )
    .map(({ id, name }) => ({ id, name }));
}

export function importHandlers(refuse: Refuse, problem: Problem, empty: boolean) {
  const saved = new Map(empty ? [] : [[31, savedFirst()]]);
  const uploads = new Map<number, Upload>([[101, sent(101, "youzan-orders.xlsx")]]);
  if (empty) uploads.clear();
  const imports = empty ? [] : [...IMPORTS];
  // Looks an import still needs, and whether it is a dry run.
  const running = new Map<number, { looks: number; dry: boolean }>();
  let next = 200;

  const goOn = (upload: Upload) => {
    const run = running.get(upload.id);
    if (upload.state !== "importing" || !run) return;
    run.looks -= 1;
    upload.progress = { rows: ROWS / 2, bytes_done: 32_768, bytes_total: 65_536 };
    if (run.looks >= 0) return;
    const kind = String(upload.mapping?.kind);
    upload.report = reportOf(upload.id, upload.file, kind, run.dry);
    upload.state = run.dry ? "ready" : "done";
    if (!run.dry)
      imports.unshift(reportOf(upload.id, upload.file, kind, false) as Schema["Import"]);
  };

  const ofUpload = (
    method: "get" | "put" | "post" | "delete",
    path: string,
    answer: (upload: Upload, request: StrictRequest<DefaultBodyType>) => unknown,
  ) =>
    http[method](`*/api/v1/uploads/:id${path}`, async ({ request, params }) => {
      const upload = uploads.get(Number(params.id));
      const refused = refuse(request);
      if (refused) return refused;
      if (!upload) return problem({ status: 404, code: "api.not_there" });
      await answer(upload, request);
      return method === "delete"
        ? new HttpResponse(null, { status: 204 })
        : HttpResponse.json({ ...upload, fitting_mappings: fittingOf(saved, upload) });
    });

  return [
    http.get("*/api/v1/imports", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const limit = Number(query.get("limit") ?? PAGE);
      const from = Number(query.get("after") ?? 0);
      const more = from + limit < imports.length;
      const page = imports.slice(from, from + limit);
      return (
        refuse(request) ??
        HttpResponse.json({ imports: page, next: more ? String(from + limit) : null })
      );
    }),
    http.get("*/api/v1/imports/:id", ({ request, params }) => {
      const found = imports.find(({ id }) => id === Number(params.id));
      if (!found) return problem({ status: 404, code: "log.unknown_batch" });
      const shown = { ...found };
      if (found.undo) Object.assign(found, { state: "undone", undo: UNDO });
      return refuse(request) ?? HttpResponse.json(shown);
    }),
    http.get("*/api/v1/imports/:id/left-out", ({ request }) => {
      const headers = { "Content-Type": "text/csv" };
      return refuse(request) ?? new HttpResponse("what,line,column,code,reason\r\n", { headers });
    }),
    http.post("*/api/v1/imports/:id/undo", ({ request, params }) => {
      const refused = refuse(request);
      const index = imports.findIndex(({ id }) => id === Number(params.id));
      const found = imports[index];
      if (refused || !found) return refused ?? problem({ status: 404, code: "log.unknown_batch" });
      // It takes until the second look.
      imports[index] = { ...found, state: "undoing", undo: { ...UNDO, kept: [] } };
      return HttpResponse.json({ import: imports[index], kept: [] }, { status: 202 });
    }),
    http.get(
      "*/api/v1/uploads",
      ({ request }) =>
        refuse(request) ??
        HttpResponse.json({
          uploads: [...uploads.values()].map(({ id, file, at, state }) => ({
            id,
            file,
            at,
            state,
          })),
        }),
    ),
    http.post("*/api/v1/uploads", ({ request }) => {
      const file = new URL(request.url).searchParams.get("file") ?? "";
      const refused = refuse(request);
      if (refused) return refused;
      if (file.startsWith("empty")) return problem({ status: 422, code: "intake.empty_file" });
      const upload = sent(++next, file);
      uploads.set(upload.id, upload);
      return HttpResponse.json(
        { ...upload, fitting_mappings: fittingOf(saved, upload) },
        { status: 201 },
      );
    }),
    ...mappingHandlers(refuse, problem, saved),
    ofUpload("get", "", goOn),
    ofUpload("delete", "", ({ id }) => uploads.delete(id)),
    ofUpload("put", "/sheet", async (upload, request) => {
      const { sheet } = (await request.json()) as { sheet: string };
      const name = `${sheet}列`;
      Object.assign(upload, { sheet, columns: [{ name, filled: 1, samples: [], type: "text" }] });
      const mapped = {
        kind: "customers",
        columns: [{ column: name, as: "identity", name: "phone" }],
      };
      Object.assign(upload, lookedAt(mapped));
    }),
    ofUpload("put", "/mapping", async (upload, request) => {
      Object.assign(upload, lookedAt((await request.json()) as Json));
    }),
    ofUpload("post", "/import", async (upload, request) => {
      const { dry_run = false } = (await request.json()) as { dry_run?: boolean };
      upload.state = "importing";
      running.set(upload.id, { looks: 1, dry: dry_run });
    }),
    ofUpload("post", "/stop", () => {}),
  ];
}
