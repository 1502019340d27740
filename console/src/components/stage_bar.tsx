import { useTranslation } from "react-i18next";
import { formatCount, formatShare } from "@/text/number";
import styles from "./stage_bar.module.css";
import { stageColours } from "./stage_colour";

interface Named {
  key: string;
  // In the reader's language.
  label: string;
}

interface Props {
  // In the model's order.
  stages: readonly (Named & { customers: number })[];
}

// How those who are in a stage are spread over the stages, in one line.
export function StageBar({ stages }: Props) {
  const { i18n } = useTranslation();
  const all = stages.reduce((sum, { customers }) => sum + customers, 0);
  const colourOf = stageColours(stages.map(({ key }) => key));
  const label = stages
    .map((stage) => `${stage.label} ${formatCount(stage.customers, i18n.language)}`)
    .join(" · ");
  return (
    <div className={styles.bar} role="img" aria-label={label}>
      {all > 0 &&
        stages
          .filter(({ customers }) => customers > 0)
          .map((stage) => (
            <span
              key={stage.key}
              title={`${stage.label} ${formatShare(stage.customers / all, i18n.language)}`}
              style={{ flexGrow: stage.customers, background: colourOf(stage.key) }}
            />
          ))}
    </div>
  );
}

// Which colour is which stage.
export function StageLegend({ stages }: { stages: readonly Named[] }) {
  const colourOf = stageColours(stages.map(({ key }) => key));
  return (
    <ul className={styles.legend}>
      {stages.map(({ key, label }) => (
        <li key={key}>
          <i style={{ background: colourOf(key) }} />
          {label}
        </li>
      ))}
    </ul>
  );
}
