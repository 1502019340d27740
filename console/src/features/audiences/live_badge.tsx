import { useTranslation } from "react-i18next";
import { formatShare } from "@/text/number";
import styles from "./live.module.css";
import type { LiveState } from "./live_asking";

interface Props {
  state: LiveState;
  // While it is computed: how far.
  progress?: number | undefined;
}

export function LiveBadge({ state, progress }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <span className={styles.badge} data-state={state}>
      <span className={styles.dot} aria-hidden="true" />
      {t(`live.state.${state}`)}
      {state === "computing" &&
        progress !== undefined &&
        ` ${formatShare(progress, i18n.language, 0)}`}
    </span>
  );
}
