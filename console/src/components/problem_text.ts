// An error in the reader's language: what happened and what to do. A code without a translation
// keeps the server's own sentence.
import { useTranslation } from "react-i18next";
import { type Problem, problemOf } from "@/api/problem";

interface ProblemText {
  happened: string;
  todo: string;
}

// What to do goes by the code where it says more than the status.
export function useProblemText(): (error: unknown) => ProblemText {
  const { t, i18n } = useTranslation();
  const say = t as (key: string, values: Record<string, unknown>) => string;
  const todoOf = (problem: Problem) => {
    const own = `todo_code.${problem.code}`;
    return i18n.exists(own) ? own : todoKey(problem);
  };
  return (error) => {
    const problem = problemOf(error);
    const happened = `error.${problem.code}`;
    const known = i18n.exists(happened);
    return {
      happened: known ? say(happened, { ...problem }) : problem.detail || t("error.console.failed"),
      todo: say(todoOf(problem), { ...problem }),
    };
  };
}

function todoKey(problem: Problem): string {
  if (problem.status === 0) return "todo.connection";
  if (problem.status === 401) return "todo.sign_in";
  if (problem.status === 403) return "todo.permission";
  if (problem.status === 404) return "todo.missing";
  if (problem.status === 429) return problem.retry_after_seconds ? "todo.wait" : "todo.slow";
  if (problem.status === 503) return "todo.database";
  if (problem.status >= 500) return "todo.report";
  return "todo.correct";
}
