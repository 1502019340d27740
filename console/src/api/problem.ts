// An error of the API as the console carries it (RFC 9457 with a stable code).
import type { components } from "./generated/schema";

export type Problem = Pick<components["schemas"]["Problem"], "code" | "status" | "detail"> &
  Partial<components["schemas"]["Problem"]>;

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
    this.name = "ProblemError";
  }

  // A mistake in a rule, with the byte where it is.
  get isRuleMistake(): boolean {
    return this.problem.offset !== undefined && this.problem.code.startsWith("audience.");
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: "console.failed",
    status: 500,
    detail: error instanceof Error ? error.message : "",
  };
}
