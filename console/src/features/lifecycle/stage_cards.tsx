import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSentences } from "@/components/rule/rule_sentence";
import { stageColours } from "@/components/stage_colour";
import { formatCount, formatShare } from "@/text/number";
import { useStageTimes } from "./asking";
import styles from "./lifecycle.module.css";
import type { Model, StageTime } from "./types";
import { useDays } from "./use_days";
import { useSaid } from "./use_said";

interface Props {
  model: Model;
  // The list of its people, below.
  peopleAddress(stage: string): string;
}

// The stages in their order: how many, who they are in words, how long they have been there.
export function StageCards({ model, peopleAddress }: Props) {
  const { t, i18n } = useTranslation();
  const said = useSaid();
  const times = useStageTimes(model.key).data?.stages;
  const sentences = useSentences(model.stages.map(({ rule }) => rule));
  const colourOf = stageColours(model.stages.map(({ key }) => key));
  const all = model.stages.reduce((sum, { customers }) => sum + customers, model.none);
  const share = (customers: number) => formatShare(all === 0 ? 0 : customers / all, i18n.language);
  return (
    <>
      <ol className={styles.stages} data-testid="stages">
        {model.stages.map(({ key, label, rule, customers }, index) => (
          <li key={key} className={styles.stage} style={{ borderTopColor: colourOf(key) }}>
            <h3 className={styles.stage_title}>{said(label)}</h3>
            <p className={styles.size}>
              <Link to={peopleAddress(key)}>{formatCount(customers, i18n.language)}</Link>
              <small>{share(customers)}</small>
            </p>
            <p className={styles.rule} title={rule}>
              {index > 0 && <span className={styles.quiet}>{t("lifecycle.none_before")} </span>}
              {sentences[index] ?? "\u00a0"}
            </p>
            <Time time={times?.find((time) => time.key === key)} />
          </li>
        ))}
      </ol>
      <p className={styles.quiet}>
        {t("lifecycle.outside", {
          people: formatCount(model.none, i18n.language),
          share: share(model.none),
        })}
      </p>
    </>
  );
}

function Time({ time }: { time: StageTime | undefined }) {
  const { t } = useTranslation();
  const days = useDays();
  if (!time || time.median_days === null) return null;
  const usual = { from: days(time.days_25 ?? 0), to: days(time.days_75 ?? 0) };
  return (
    <dl className={styles.time}>
      <dt>{t("lifecycle.time_here")}</dt>
      <dd title={t("lifecycle.time_half", usual)}>{days(time.median_days)}</dd>
      {time.ended_median_days !== null && (
        <>
          <dt title={t("lifecycle.time_ended_note")}>{t("lifecycle.time_ended")}</dt>
          <dd>{days(time.ended_median_days)}</dd>
        </>
      )}
    </dl>
  );
}
