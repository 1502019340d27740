import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { type Upload, useStop } from "./asking";
import styles from "./imports.module.css";

// How far the import is. It goes on when the page is left.
export function Going({ upload }: { upload: Upload }) {
  const { t, i18n } = useTranslation();
  const stop = useStop(upload.id);
  const { rows = 0, bytes_done = 0, bytes_total = 0 } = upload.progress ?? {};
  const seconds = useSecondsLeft(bytes_done, bytes_total);
  const share = bytes_total > 0 ? Math.min(1, bytes_done / bytes_total) : undefined;
  return (
    <Panel title={t("imports.going")} lead={t("imports.going_lead")}>
      <div className={styles.going}>
        <progress
          aria-label={t("imports.going")}
          {...(share === undefined ? {} : { value: share })}
        />
        <span role="status">
          {t("imports.rows_so_far", { count: rows, rows: formatCount(rows, i18n.language) })}
          {seconds !== null && t("imports.time_left", { time: timeOf(seconds) })}
        </span>
        <Button loading={stop.isPending} disabled={stop.isSuccess} onClick={() => stop.mutate()}>
          {t(stop.isSuccess ? "imports.stopping" : "imports.stop")}
        </Button>
      </div>
      <p className={styles.hint}>{t("imports.stop_hint")}</p>
      {stop.isError && <ProblemAlert error={stop.error} />}
    </Panel>
  );
}

// "1:05"
function timeOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// From what has been done since the page first looked; null: nothing can be said yet.
function useSecondsLeft(done: number, total: number): number | null {
  const [first, setFirst] = useState<{ done: number; at: number } | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (total === 0) return;
    if (first === null || done < first.done) {
      setFirst({ done, at: Date.now() });
    } else if (done > first.done) {
      const each_ms = (Date.now() - first.at) / (done - first.done);
      setLeft(Math.ceil((each_ms * (total - done)) / 1000));
    }
  }, [first, done, total]);
  return left;
}
