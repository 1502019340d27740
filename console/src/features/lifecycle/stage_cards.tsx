import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSentences } from "@/components/rule/rule_sentence";
import { stageColours } from "@/components/stage_colour";
import { formatCount, formatShare } from "@/text/number";
import { useStageTimes } from "./asking";
import styles from "./lifecycle.module.css";
import type { Model, Stage, StageTime } from "./types";
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
  const times = useStageTimes(model).data;
  const sentences = useSentences(model.stages.map(({ rule }) => rule));
  const colourOf = stageColours(model.stages.map(({ key }) => key));
  const all = model.stages.reduce((sum, { customers }) => sum + (customers ?? 0), model.none ?? 0);
  const share = (customers: number) => formatShare(all === 0 ? 0 : customers / all, i18n.language);
  return (
    <>
      <ol className={styles.stages} data-testid="stages">
        {model.stages.map((stage, index) => (
          <li
            key={stage.key}
            className={styles.stage}
            style={{ borderTopColor: colourOf(stage.key) }}
          >
            <h3 className={styles.stage_title}>{said(stage.label)}</h3>
            {stage.customers !== null && (
              <p className={styles.size}>
                <Link to={peopleAddress(stage.key)}>
                  {formatCount(stage.customers, i18n.language)}
                </Link>
                <small>{share(stage.customers)}</small>
              </p>
            )}
            <Rule stage={stage} first={index === 0} sentence={sentences[index]} />
            <Time time={times?.stages.find(({ key }) => key === stage.key)} />
          </li>
        ))}
      </ol>
      <p className={styles.quiet}>
        {model.none === null
          ? t("lifecycle.not_counted")
          : t("lifecycle.outside", {
              people: formatCount(model.none, i18n.language),
              share: share(model.none),
            })}{" "}
        {times?.sampled &&
          t("lifecycle.sampled", { people: formatCount(times.persons_read, i18n.language) })}
      </p>
    </>
  );
}

interface RuleProps {
  stage: Stage;
  first: boolean;
  // Of the rule; undefined: on its way.
  sentence: string | undefined;
}

// In the words of whoever made it, with the rule itself behind them; without such words the rule.
function Rule({ stage, first, sentence = "\u00a0" }: RuleProps) {
  const { t } = useTranslation();
  const words = useSaid()(stage.description);
  const whole = (
    <>
      {!first && <span className={styles.quiet}>{t("lifecycle.none_before")} </span>}
      {sentence}
    </>
  );
  if (words === "") {
    return (
      <p className={styles.rule} title={stage.rule}>
        {whole}
      </p>
    );
  }
  return (
    <div className={styles.rule}>
      {words}
      <details>
        <summary>{t("question.rule")}</summary>
        <p title={stage.rule}>{whole}</p>
      </details>
    </div>
  );
}

function Time({ time }: { time: StageTime | undefined }) {
  const { t } = useTranslation();
  const days = useDays();
  if (!time || time.median_days === null) return null;
  const between = (from: number | null, to: number | null) =>
    t("lifecycle.time_half", { from: days(from ?? 0), to: days(to ?? 0) });
  return (
    <dl className={styles.time}>
      <dt>{t("lifecycle.time_here")}</dt>
      <dd title={between(time.days_25, time.days_75)}>{days(time.median_days)}</dd>
      {time.ended_median_days !== null && (
        <>
          <dt title={t("lifecycle.time_ended_note")}>{t("lifecycle.time_ended")}</dt>
          <dd title={between(time.ended_days_25, time.ended_days_75)}>
            {days(time.ended_median_days)}
          </dd>
        </>
      )}
    </dl>
  );
}
