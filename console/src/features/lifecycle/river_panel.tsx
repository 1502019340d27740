import { useTranslation } from "react-i18next";
import { isOld, Old } from "@/components/answered";
import { Panel } from "@/components/panel";
import { ProblemAlert } from "@/components/problem_alert";
import { River, type RiverPick, RiverSkeleton } from "@/components/river";
import { Segments } from "@/components/segments";
import { TimeSpan } from "@/components/time_span";
import { useZone } from "@/components/zone";
import { formatMoment } from "@/text/moment";
import { useFlows } from "./asking";
import styles from "./lifecycle.module.css";
import type { Model } from "./types";
import { useSaid } from "./use_said";
import type { RiverSpan } from "./use_span";
import { AXIS_DAYS } from "./use_span";

interface Props {
  model: Model;
  span: RiverSpan;
  onPick(picked: RiverPick): void;
}

// Who has gone from which stage to which between two dates that can be dragged.
export function RiverPanel({ model, span, onPick }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const said = useSaid();
  const flows = useFlows(model, span.between);
  const written = (moment: string) => formatMoment(moment, zone).slice(0, 16);
  return (
    <Panel
      title={t("lifecycle.river")}
      lead={t("lifecycle.river_lead")}
      testId="flows"
      actions={
        <Segments
          label={t("lifecycle.axis")}
          value={String(span.axis)}
          options={AXIS_DAYS.map((each) => ({
            value: String(each),
            label: t("lifecycle.last_days", { count: each }),
          }))}
          onChange={(value) => span.setAxis(Number(value))}
        />
      }
    >
      <div className={styles.axis}>
        <TimeSpan
          places={span.places.map((place) => (place === "" ? t("lifecycle.now") : place))}
          value={span.value}
          onChange={span.setValue}
        />
      </div>
      {flows.isError && !flows.data && (
        <ProblemAlert error={flows.error} retry={() => flows.refetch()} />
      )}
      {isOld(flows) && <Old query={flows} />}
      {flows.data ? (
        <div aria-busy={flows.isPlaceholderData}>
          {flows.data.flows.some(({ from, to }) => from !== "" || to !== "") ? (
            <River
              label={t("lifecycle.river_of", { model: said(model.label) })}
              stages={model.stages.map(({ key, label }) => ({ key, label: said(label) }))}
              flows={flows.data.flows}
              begin={written(flows.data.from)}
              end={written(flows.data.to)}
              onPick={onPick}
            />
          ) : (
            <p className={styles.quiet}>{t("lifecycle.river_empty")}</p>
          )}
        </div>
      ) : (
        !flows.isError && <RiverSkeleton />
      )}
    </Panel>
  );
}
