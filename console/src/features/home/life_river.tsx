import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { answerOf, api } from "@/api/client";
import { type ModelRow, useModels } from "@/api/models";
import { isOld, Old } from "@/components/answered";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { River, RiverSkeleton } from "@/components/river";
import { useZone } from "@/components/zone";
import { flowAddress, modelAddress } from "@/text/address";
import { daysUpTo } from "@/text/days";
import { wordsIn } from "@/text/label";
import { formatDay } from "@/text/moment";
import { useFiguresAreHere } from "./asking";
import styles from "./life_river.module.css";

const DAYS = 7;
const FRESH_MS = 60_000;
const MINUTE_MS = 60_000;

// Where everybody is in life, and who has gone where in the last days: of the first model that is
// active. Nothing while there is none.
export function LifeRiver() {
  const { t, i18n } = useTranslation();
  const models = useModels(useFiguresAreHere());
  const model = models.data?.models.find(({ active }) => active);
  if (models.data && !model) return null;
  return (
    <Panel
      title={t("home.river.title")}
      testId="river_panel"
      {...(model ? { lead: wordsIn(model.label, i18n.language) } : {})}
      actions={model && <Link to={modelAddress(model.key)}>{t("home.river.open")}</Link>}
    >
      {model ? (
        <Flows model={model} />
      ) : models.isError ? (
        <ProblemAlert error={models.error} retry={() => models.refetch()} />
      ) : (
        <RiverSkeleton />
      )}
    </Panel>
  );
}

// From a midnight of the workspace until now, as the model's own page asks it.
function useFlows({ key }: ModelRow, since: string) {
  return useQuery({
    queryKey: ["lifecycle", "flows", key, since, "now"],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) => {
      const now = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS).toISOString();
      const query = { from: `${since}T00:00`, to: now };
      return answerOf(
        api.GET("/lifecycle/models/{key}/flows", { params: { path: { key }, query }, signal }),
      );
    },
  });
}

function Flows({ model }: { model: ModelRow }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const zone = useZone();
  const today = formatDay(new Date().toISOString(), zone);
  const since = daysUpTo(today, DAYS + 1)[0]?.day ?? today;
  const flows = useFlows(model, since);
  if (!flows.data) {
    if (flows.isError) return <ProblemAlert error={flows.error} retry={() => flows.refetch()} />;
    return <RiverSkeleton />;
  }
  const shown = flows.data.flows.filter(({ from, to }) => from !== "" || to !== "");
  if (shown.every(({ customers }) => customers === 0)) {
    return <p className={styles.none}>{t("home.river.nobody")}</p>;
  }
  const unmoved = shown.every(({ from, to, customers }) => from === to || customers === 0);
  return (
    <>
      {isOld(flows) && <Old query={flows} />}
      {unmoved && <p className={styles.none}>{t("home.river.unmoved")}</p>}
      <River
        label={t("home.river.label", { model: wordsIn(model.label, i18n.language) })}
        stages={model.stages.map(({ key, label }) => ({
          key,
          label: wordsIn(label, i18n.language),
        }))}
        flows={flows.data.flows}
        begin={t("home.river.begin")}
        end={t("home.river.end")}
        onPick={(picked) => void navigate(flowAddress(model.key, { since, ...picked }))}
      />
    </>
  );
}
