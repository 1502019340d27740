import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api } from "@/api/client";
import { Moment } from "@/components/moment";
import styles from "./system_line.module.css";

// More are not counted: there is enough to do.
const COUNTED_MAX = 100;

// How many ended undone and wait for a person; nothing where there is none.
export function DeadLine() {
  const { t } = useTranslation();
  const dead = useQuery({
    queryKey: ["outbox", "dead", "counted"],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/outbox/dead-letters", { params: { query: { limit: COUNTED_MAX } }, signal }),
      ),
  });
  const newest = dead.data?.intents[0];
  if (!newest) return null;
  const text = dead.data?.next === null ? "home.dead_letters" : "home.dead_letters_many";
  const count = dead.data?.intents.length ?? 0;
  return (
    <p className={styles.line} data-state="behind" role="status" data-testid="dead_letters">
      <span className={styles.dot} aria-hidden="true" />
      <Link to="/settings/outbox">{t(text, { count })}</Link>
      <Moment value={newest.created_at} />
    </p>
  );
}
