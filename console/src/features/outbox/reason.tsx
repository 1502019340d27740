import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { settingAddress } from "@/text/address";
import styles from "./outbox.module.css";

// Where what to do is done.
const PLACES: Readonly<Record<string, string>> = {
  "channel.forbidden_address": settingAddress("reachable_networks"),
};

// Why something did not go out, and what to do about it; a code without words stands as it is.
export function Reason({ problem }: { problem: string | null }) {
  const { t, i18n } = useTranslation();
  if (problem === null) return "–";
  const say = t as (key: string) => string;
  const status = problem.startsWith("http.") ? problem.slice("http.".length) : "";
  const key = `outbox.reasons.${problem}`;
  const happened =
    status !== ""
      ? t("outbox.answered", { status })
      : i18n.exists(key)
        ? say(key)
        : t("outbox.other_reason", { code: problem });
  const todo = status === "" ? `outbox.todo.${problem}` : "outbox.todo.answered";
  const place = PLACES[problem];
  return (
    <>
      {happened}
      {i18n.exists(todo) && (
        <div className={styles.quiet}>
          {place === undefined ? say(todo) : <Link to={place}>{say(todo)}</Link>}
        </div>
      )}
    </>
  );
}
