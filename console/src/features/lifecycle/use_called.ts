import { useTranslation } from "react-i18next";
import { NEWCOMER, NO_STAGE } from "@/components/stage_colour";
import type { Stage } from "./types";
import { useSaid } from "./use_said";

// What an end of a flow is called.
export function useCalled(stages: readonly Pick<Stage, "key" | "label">[]) {
  const { t } = useTranslation();
  const said = useSaid();
  return (key: string): string => {
    const stage = stages.find((each) => each.key === key);
    if (stage) return said(stage.label);
    if (key === NO_STAGE) return t("river.none");
    return key === NEWCOMER ? t("river.newcomers") : key;
  };
}
