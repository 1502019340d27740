import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { customersAddress } from "@/text/address";
import { formatBytes, formatCount, formatMicroseconds, formatShare } from "@/text/number";
import { type Audience, ruleOf } from "./asking";
import { GoLive } from "./go_live";
import styles from "./live.module.css";
import { type Live, useGoLive, useLive } from "./live_asking";
import { LiveBadge } from "./live_badge";

// Whether this audience is kept live, how far that is, and what it costs.
export function LivePanel({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const live = useLive(audience.id);
  return (
    <Panel
      title={t("live.title")}
      testId="live"
      actions={live.data && <Switch audience={audience} live={live.data} />}
    >
      <Answered query={live} rows={2}>
        {(known) => <State audience={audience} live={known} />}
      </Answered>
    </Panel>
  );
}

function Switch({ audience, live }: { audience: Audience; live: Live }) {
  const { t } = useTranslation();
  const mayWrite = useMay("audiences.write");
  const change = useGoLive(audience.id);
  const [asking, setAsking] = useState(false);
  if (!mayWrite) return null;
  if (live.live) {
    return (
      <ConfirmButton
        label={t("live.stop")}
        sentence={t("live.stop_sentence", { name: audience.name })}
        onConfirm={() => change.mutateAsync(false)}
      />
    );
  }
  return (
    <>
      <Button type="primary" size="small" onClick={() => setAsking(true)}>
        {t("live.start")}
      </Button>
      {asking && <GoLive audience={audience} onClose={() => setAsking(false)} />}
    </>
  );
}

function State({ audience, live }: { audience: Audience; live: Live }) {
  const { t } = useTranslation();
  const { state } = live;
  return (
    <>
      <p className={styles.state}>
        <LiveBadge state={state} />
        {state === "off" && t("live.off_lead")}
        {state === "live" && live.switched_at && (
          <>
            {t("live.since")} <Moment value={live.switched_at} exact brief /> ·{" "}
            {t("live.version", { version: live.version })}
          </>
        )}
      </p>
      {state === "computing" && <Progress live={live} />}
      {state !== "off" && live.members !== undefined && <Cost audience={audience} live={live} />}
      {state === "off" && live.recorded_since && (
        <p className={styles.note}>
          {t("live.recorded_before")} <Moment value={live.recorded_since} exact brief />
        </p>
      )}
    </>
  );
}

function Progress({ live: { progress, version, version_before } }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const share = formatShare(progress ?? 0, i18n.language, 0);
  return (
    <div className={styles.progress}>
      <progress
        aria-label={t("live.computing", { version })}
        {...(progress === undefined ? {} : { value: progress })}
      />
      <span role="status">
        {t("live.computing", { version })} · {share}
      </span>
      {version_before !== undefined && (
        <span className={styles.note}>{t("live.until_then", { version: version_before })}</span>
      )}
    </div>
  );
}

// What it takes, each figure with what it means.
function Cost({ audience, live }: { audience: Audience; live: Live }) {
  const { t, i18n } = useTranslation();
  const count = (value: number | undefined) =>
    value === undefined ? "–" : formatCount(value, i18n.language);
  const figures = [
    {
      name: "members",
      figure: <Link to={customersAddress(ruleOf(audience.name))}>{count(live.members)}</Link>,
    },
    { name: "bytes", figure: formatBytes(live.bytes ?? 0, i18n.language) },
    {
      name: "per_change",
      figure: formatMicroseconds(live.microseconds_per_change ?? 0, i18n.language),
    },
    { name: "cpu", figure: formatShare(live.cpu_share ?? 0, i18n.language, 3) },
    { name: "evaluations", figure: count(live.evaluations) },
    { name: "waiting", figure: count(live.waiting_flips) },
  ] as const;
  return (
    <>
      <dl className={styles.figures} data-testid="live_cost">
        {figures.map(({ name, figure }) => (
          <div key={name}>
            <dt title={t(`live.more.${name}`)}>{t(`live.figure.${name}`)}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        {live.at && (
          <>
            {t("question.as_of")} <Moment value={live.at} exact brief /> ·{" "}
          </>
        )}
        <Link to="/audiences/live">{t("live.all")}</Link>
      </p>
    </>
  );
}
