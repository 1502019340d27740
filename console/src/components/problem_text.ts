// An error in the reader's language: what happened and what to do. A code without a translation
// keeps the server's own sentence, which mostly says what to do already.
import { useTranslation } from "react-i18next";
import { type Problem, problemOf } from "@/api/problem";

interface ProblemText {
  happened: string;
  // Empty: the sentence says it.
  todo: string;
}

export function useProblemText(): (error: unknown) => ProblemText {
  const { t, i18n } = useTranslation();
  const say = t as (key: string, values: object) => string;
  return (error) => {
    const problem = problemOf(error);
    const own = `error.${problem.code}`;
    const isOwn = i18n.exists(own);
    const keys = [`todo_code.${problem.code}`, todoOf(problem, isOwn)];
    const todo = keys.find((key) => key !== "" && i18n.exists(key));
    return {
      happened: isOwn ? say(own, problem) : problem.detail || t("error.console.failed"),
      todo: todo === undefined ? "" : say(todo, problem),
    };
  };
}

function todoOf({ code, status, retry_after_seconds }: Problem, isOwn: boolean): string {
  if (retry_after_seconds !== undefined) return "todo.wait";
  if (status === 0) return "todo.connection";
  if (!isOwn) return "";
  return code.startsWith("console.") ? "todo.report" : "todo.correct";
}
