import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";
import { Totals } from "@/components/totals";
import { formatBytes, formatCount, formatMicroseconds, formatSpan } from "@/text/number";
import type { Audience } from "./asking";
import styles from "./live.module.css";
import { useGoLive, useLiveEstimate } from "./live_asking";

// What it will take and what is to be known, before an audience goes live.
export function GoLive({ audience, onClose }: { audience: Audience; onClose(): void }) {
  const { t } = useTranslation();
  const estimate = useLiveEstimate(audience.id, true);
  const change = useGoLive(audience.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("live.start_title", { name: audience.name })}
      actions={
        <>
          <Button onClick={onClose}>{t("dialog.cancel")}</Button>
          <Button
            type="primary"
            loading={change.isPending}
            onClick={() => change.mutate(true, { onSuccess: onClose })}
          >
            {t("live.start_now")}
          </Button>
        </>
      }
    >
      {change.isError && <ProblemAlert error={change.error} className={styles.problem} />}
      <p className={styles.lead}>{t("live.start_sentence")}</p>
      <Answered query={estimate} rows={3}>
        {(expected) => <Expected estimate={expected} />}
      </Answered>
    </Dialog>
  );
}

function Expected({ estimate }: { estimate: Schema["LiveEstimate"] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const changes = formatCount(estimate.changes_per_day, language);
  return (
    <div data-testid="live_estimate">
      <Totals
        figures={[
          [t("live.expected.members"), formatCount(estimate.members, language)],
          [t("live.figure.bytes"), formatBytes(estimate.bytes, language)],
          [t("live.expected.compute"), timeOf(estimate.milliseconds_to_compute, language)],
          [
            t("live.figure.per_change"),
            formatMicroseconds(estimate.microseconds_per_change, language),
          ],
        ]}
      />
      <p className={styles.note}>
        {t("live.expected.changes", { changes })}{" "}
        {t(estimate.share_of_time_tests ? "live.expected.by_time" : "live.expected.by_events")}
      </p>
      {estimate.warnings.map(({ code, detail }) => (
        <Alert
          key={code}
          type="warning"
          showIcon
          role="alert"
          className={styles.problem ?? ""}
          title={detail}
        />
      ))}
    </div>
  );
}

const SECOND_MS = 1000;

// "40 ms", "3 seconds".
function timeOf(milliseconds: number, language: string): string {
  return milliseconds < SECOND_MS
    ? `${formatCount(Math.max(1, Math.round(milliseconds)), language)} ms`
    : formatSpan(Math.ceil(milliseconds / SECOND_MS), language);
}
