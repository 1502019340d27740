import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api } from "@/api/client";
import { Moment } from "@/components/moment";
import styles from "./system_line.module.css";

// That marketing or accounts stand still, so that nobody forgets; nothing where all goes out.
export function PausedLine() {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["outbox", "pauses"],
    queryFn: ({ signal }) => answerOf(api.GET("/outbox/pauses", { signal })),
  });
  const marketing = data?.pauses.find(({ what }) => what === "marketing");
  const paused = marketing ?? data?.pauses[0];
  if (!paused) return null;
  return (
    <p className={styles.line} data-state="behind" role="status" data-testid="paused">
      <span className={styles.dot} aria-hidden="true" />
      <Link to="/settings/outbox">
        {marketing
          ? t("home.marketing_stopped")
          : t("home.paused", { count: data?.pauses.length ?? 0 })}
      </Link>
      <Moment value={paused.since} />
    </p>
  );
}
