// Holds api/openapi.yaml against the program: the router's table both ways, and every answer (and
// every request that was accepted) of the scenarios against its schema.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program =
  process.env.SIYU_SCENARIO_TEST ?? join(root, "build/dev/tests/scenario/scenario_test");
const methods = ["get", "post", "put", "patch", "delete"];
const bytesMax = 1 << 30;

const document = parse(readFileSync(join(root, "api/openapi.yaml"), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: "openapi", components: document.components });

let folder;
let answers;
let routes;

function run(args, env) {
  const done = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: bytesMax,
    env: { ...process.env, ...env },
  });
  assert.equal(done.error, undefined, `${program} cannot be run: build it first (./test contract)`);
  return done;
}

function lines(text) {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function key(method, pattern) {
  return `${method.toUpperCase()} ${pattern}`;
}

const operations = new Map();
for (const [pattern, item] of Object.entries(document.paths)) {
  for (const method of methods) {
    if (item[method]) operations.set(key(method, pattern), item[method]);
  }
}

// A schema of the document, its references followed.
function schema(value) {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/components/', '"openapi#/components/'));
}

const compiled = new Map();
function mistakes(name, content, body) {
  if (!compiled.has(name)) compiled.set(name, ajv.compile(schema(content)));
  const validate = compiled.get(name);
  return validate(body) ? "" : ajv.errorsText(validate.errors);
}

function responseOf(operation, status) {
  const response = operation.responses[String(status)] ?? operation.responses.default;
  return response?.$ref ? document.components.responses[response.$ref.split("/").pop()] : response;
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "siyu-contract-"));
  const file = join(folder, "answers.jsonl");
  const done = run(["--gtest_brief=1"], { SIYU_ANSWERS: file });
  assert.equal(done.status, 0, done.stdout);
  answers = lines(readFileSync(file, "utf8"));
  routes = lines(run(["--routes"], {}).stdout);
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("the router and the document know the same routes with the same permissions", () => {
  const ours = routes.map((route) => `${key(route.method, route.pattern)}: ${route.permission}`);
  const theirs = [...operations].map(([name, operation]) => {
    const open = Array.isArray(operation.security) && operation.security.length === 0;
    return `${name}: ${open ? "" : operation["x-permission"]}`;
  });
  assert.deepEqual(ours.sort(), theirs.sort());
});

test("every answer is as its schema says", () => {
  assert.ok(answers.length > 500, `${answers.length} answers`);
  const wrong = [];
  for (const answer of answers) {
    if (answer.pattern === null) continue;
    const name = key(answer.method, answer.pattern);
    const operation = operations.get(name);
    const tell = (what) => wrong.push(`${answer.where} ${name} ${answer.status}: ${what}`);
    if (answer.status < 400 && !operation.responses[String(answer.status)]) {
      tell("no such status in the document");
      continue;
    }
    const response = responseOf(operation, answer.status);
    if (!response.content) {
      if (answer.content_type !== "") tell(`no body is said, got ${answer.content_type}`);
      continue;
    }
    const [media_type] = answer.content_type.split(";");
    const content = response.content[media_type];
    if (!content) {
      tell(`content type ${answer.content_type}`);
      continue;
    }
    const bad = mistakes(`${name} ${answer.status}`, content.schema, answer.body);
    if (bad) tell(`${bad} in ${JSON.stringify(answer.body)}`);
  }
  assert.deepEqual(wrong, []);
});

test("every request that was accepted is as its schema says", () => {
  const wrong = [];
  for (const answer of answers) {
    if (answer.pattern === null || answer.status >= 300) continue;
    const name = key(answer.method, answer.pattern);
    const body = operations.get(name).requestBody;
    const content = body?.content["application/json"];
    if (!content || (answer.request === "" && !body.required)) continue;
    const bad = mistakes(`${name} request`, content.schema, JSON.parse(answer.request));
    if (bad) wrong.push(`${answer.where} ${name}: ${bad}`);
  }
  assert.deepEqual(wrong, []);
});

test("every problem has its status and a code of its own", () => {
  const problems = answers.filter((answer) => answer.content_type === "application/problem+json");
  for (const answer of problems) {
    assert.equal(answer.body.status, answer.status);
    assert.match(answer.body.code, /^[a-z]+\.[a-z0-9_]+$/);
    assert.ok(answer.body.detail.length > 0);
  }
  for (const answer of answers) {
    if (answer.status >= 400 && answer.content_type !== "application/problem+json") {
      assert.equal(answer.pattern, "/health", `${answer.where} is no problem`);
    }
  }
});

test("every operation was done once and refused once", () => {
  const done = new Set();
  const refused = new Set();
  for (const answer of answers) {
    if (answer.pattern === null) continue;
    (answer.status < 300 ? done : refused).add(key(answer.method, answer.pattern));
  }
  const never = [];
  // A scenario cannot tell when an import in the background runs; src/intake tests stopping one.
  done.add("POST /uploads/{id}/stop");
  for (const name of operations.keys()) {
    if (!done.has(name)) never.push(`${name} was never done`);
    // Health has nobody to refuse.
    if (!refused.has(name) && name !== "GET /health") never.push(`${name} was never refused`);
  }
  assert.deepEqual(never, []);
});
