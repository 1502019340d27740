// The real program for a walk through it, and the steps of a walk.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { faultsOf } from "./checks.mjs";

const { SIYU, SIYU_WEB } = process.env;

// Serves a data folder at "host:port" (port 0: a free one).
export function serve(data, listen) {
  return spawn(
    SIYU,
    ["serve", "--json", "--listen", listen, "--data", data, "--web-dir", SIYU_WEB],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
}

// The first line a server prints with --json.
export async function listening(program) {
  for await (const line of createInterface({ input: program.stdout })) return JSON.parse(line);
  throw new Error("the program ended before it listened");
}

// Each step ends with a look for what is wrong with the page: of `faults` and of axe.
export function stepsOf(page, faults) {
  return async (what, run) => {
    await run();
    const found = [...faults.splice(0), ...(await faultsOf(page))];
    assert.deepEqual(found, [], what);
    console.log(`ok  ${what}`);
  };
}
