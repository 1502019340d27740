import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useModels } from "@/api/models";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { NO_STAGE, stageColours } from "@/components/stage_colour";
import { useZone } from "@/components/zone";
import { modelAddress } from "@/text/address";
import { wordsIn } from "@/text/label";
import { formatMoment } from "@/text/moment";
import { type ModelHistory, type StageOfModel, useStages } from "./life";
import styles from "./life.module.css";
import { Times } from "./memberships";

interface Props {
  customer: string;
  stages: readonly StageOfModel[];
}

// Where somebody is in every model, and the way there.
export function Stages({ customer, stages }: Props) {
  const { t, i18n } = useTranslation();
  const mayAsk = useMay("audiences.read");
  const histories = useStages(customer);
  const { colourOf } = useStageWords();
  return (
    <ul className={styles.list}>
      {histories.isError && (
        <li>
          <ProblemAlert error={histories.error} retry={() => histories.refetch()} />
        </li>
      )}
      {stages.map(({ model, stage, since, until, next }) => {
        const label = wordsIn(model.label, i18n.language);
        const history = histories.data?.models.find(({ key }) => key === model.key);
        return (
          <li key={model.key}>
            <div className={styles.line}>
              {mayAsk ? <Link to={modelAddress(model.key)}>{label}</Link> : label}
              <span className={styles.stage}>
                <i style={{ background: colourOf(model.key, stage?.key ?? NO_STAGE) }} />
                {stage ? wordsIn(stage.label, i18n.language) : t("memberships.no_stage")}
              </span>
            </div>
            <Times
              since={since}
              until={until}
              next={
                until === null
                  ? undefined
                  : next
                    ? wordsIn(next.label, i18n.language)
                    : t("memberships.no_stage")
              }
            />
            {history && history.history.length > 1 && (
              <Way
                history={history.history}
                label={t("memberships.history", { model: label })}
                colourOf={(key) => colourOf(model.key, key)}
                called={(stay) =>
                  stay ? wordsIn(stay.label, i18n.language) : t("memberships.no_stage")
                }
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}

// What stages of all models are called, and their colours.
export function useStageWords() {
  const { t, i18n } = useTranslation();
  const mayAsk = useMay("audiences.read");
  const models = useModels(mayAsk).data?.models ?? [];
  const of = (model: string) => models.find(({ key }) => key === model);
  return {
    modelCalled: (model: string) => {
      const label = of(model)?.label;
      return label ? wordsIn(label, i18n.language) : model;
    },
    colourOf: (model: string, stage: string) =>
      stageColours(
        of(model)?.stages.map(({ key }) => key) ?? [stage].filter((key) => key !== NO_STAGE),
      )(stage),
    calledIn: (model: string, stage: string) => {
      if (stage === NO_STAGE) return t("memberships.no_stage");
      const label = of(model)?.stages.find(({ key }) => key === stage)?.label;
      return label ? wordsIn(label, i18n.language) : stage;
    },
  };
}

type Stay = ModelHistory["history"][number];

interface WayProps {
  history: ModelHistory["history"];
  label: string;
  colourOf(stage: string): string;
  called(stage: Stay["stage"]): string;
}

// From the left to the right as time went by, each stage as long as it lasted; in words below.
function Way({ history, label, colourOf, called }: WayProps) {
  const zone = useZone();
  const now = Date.now();
  const day = (moment: string) => formatMoment(moment, zone).slice(0, 16);
  const stays = history.map(({ stage, from, to }) => {
    // What the present one is expected to last has not been yet.
    const end = to !== null && Date.parse(to) <= now ? to : null;
    return { stage, from, end, lasted: (end ? Date.parse(end) : now) - Date.parse(from) };
  });
  return (
    <>
      <div className={styles.way} role="img" aria-label={label}>
        {stays.toReversed().map(({ stage, from, end, lasted }) => (
          <span
            key={from}
            title={`${called(stage)} ${day(from)} – ${end ? day(end) : ""}`}
            style={{
              flexGrow: lasted,
              background: colourOf(stage?.key ?? NO_STAGE),
            }}
          />
        ))}
      </div>
      <details className={styles.before}>
        <summary>{label}</summary>
        <ol>
          {stays.map(({ stage, from, end }) => (
            <li key={from}>
              <i style={{ background: colourOf(stage?.key ?? NO_STAGE) }} />
              <span>{called(stage)}</span>
              <small>
                {day(from)} – {end && day(end)}
              </small>
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
