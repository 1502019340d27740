import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Answered } from "@/components/answered";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { useNotices } from "@/components/notices";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { useRhythm, useRunValue, useValue } from "./asking";
import { CalibrationPanel } from "./calibration";
import { ChurnBands } from "./churn_bands";
import { Gates } from "./gates";
import { Histograms } from "./histograms";
import styles from "./lifecycle.module.css";
import { Parameters } from "./parameters";
import type { Value } from "./types";

// How often people buy, who is about to be lost, and how far that can be trusted.
export default function RhythmPage() {
  const { t } = useTranslation();
  const value = useValue();
  return (
    <>
      <PageHead title={t("page.rhythm")} lead={t("rhythm.lead")} actions={<RunNow />} />
      <Answered query={value} rows={9}>
        {(answer) => <Shown value={answer} />}
      </Answered>
    </>
  );
}

function RunNow() {
  const { t } = useTranslation();
  const notices = useNotices();
  const mayWrite = useMay("audiences.write");
  const run = useRunValue();
  const isRunning = useValue().data?.running === true;
  if (!mayWrite) return null;
  return (
    <>
      <Button
        loading={run.isPending || isRunning}
        onClick={() =>
          run.mutate(undefined, { onSuccess: () => notices.success(t("rhythm.started")) })
        }
      >
        {isRunning ? t("rhythm.running") : t("rhythm.run")}
      </Button>
      {run.isError && <ProblemAlert error={run.error} />}
    </>
  );
}

function Shown({ value }: { value: Value }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  switch (value.state) {
    case "never_run":
      return (
        <Panel>
          <EmptyState title={t("rhythm.never_title")} text={t("rhythm.never_text")} />
          <Gates gates={value.gates} />
        </Panel>
      );
    case "not_enough_data":
      return (
        <Panel testId="not_enough">
          <EmptyState title={t("rhythm.few_title")} text={t("rhythm.few_text")} />
          <Gates gates={value.gates} />
        </Panel>
      );
    case "bad_fit":
      return <BadFit value={value} />;
    case "ready":
      return (
        <>
          <Panel
            title={t("rhythm.fitted")}
            testId="fitted"
            actions={
              <Button onClick={() => void navigate("/lifecycle/win-back")}>
                {t("rhythm.to_win_back")}
              </Button>
            }
          >
            <Parameters value={value} />
            <Ran value={value} />
          </Panel>
          <Rhythms />
          {value.calibration ? (
            <CalibrationPanel calibration={value.calibration} />
          ) : (
            <Panel title={t("calibration.title")}>
              <p id="calibration" className={styles.quiet}>
                {t("calibration.none")}
              </p>
            </Panel>
          )}
        </>
      );
  }
}

// A fit that is refused says nothing of anybody, and why.
function BadFit({ value }: { value: Value }) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string, values: object) => string;
  const reason = (fault: string, parameter: string) => {
    const key = `rhythm.fault.${fault.replace(/^.*\./, "")}`;
    return i18n.exists(key) ? say(key, { parameter }) : fault;
  };
  const refused = [value.bgnbd, value.mbgnbd, value.gamma_gamma].filter((fit) => fit?.fault);
  const reasons = [
    ...new Set(refused.map((fit) => reason(fit?.fault ?? "", fit?.parameter ?? ""))),
  ];
  return (
    <>
      <Alert
        type="warning"
        showIcon
        role="status"
        data-testid="bad_fit"
        className={styles.notice ?? ""}
        title={t("rhythm.bad_title")}
        description={
          <>
            <p>{t("rhythm.bad_text")}</p>
            <ul>
              {reasons.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </>
        }
      />
      <Panel title={t("rhythm.fitted")}>
        <Parameters value={value} />
        <Ran value={value} />
      </Panel>
    </>
  );
}

function Ran({ value: { run } }: { value: Value }) {
  const { t, i18n } = useTranslation();
  if (!run) return null;
  return (
    <p className={styles.as_of}>
      {t("rhythm.ran", {
        people: formatCount(run.customers, i18n.language),
        seconds: formatCount(Math.max(1, Math.round(run.seconds)), i18n.language),
      })}{" "}
      <Moment value={run.at} exact brief />
    </p>
  );
}

function Rhythms() {
  const { t } = useTranslation();
  const rhythm = useRhythm(true);
  return (
    <Answered query={rhythm} rows={6}>
      {(answer) => (
        <>
          <Panel title={t("rhythm.churn")} lead={t("rhythm.churn_lead")} testId="churn">
            <ChurnBands bands={answer.churn ?? []} />
          </Panel>
          <Histograms rhythm={answer} />
        </>
      )}
    </Answered>
  );
}
