import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { formatValue } from "@/text/value";
import { useZone } from "./zone";

// A value as people read it, in their language and the workspace's zone.
export function useValueText(): (value: unknown, type: Schema["ValueType"] | undefined) => string {
  const { t } = useTranslation();
  const zone = useZone();
  const words = {
    unknown: t("value.unknown"),
    yes: t("value.yes"),
    no: t("value.no"),
    separator: t("value.separator"),
  };
  return (value, type) => formatValue(value, type, { zone, words });
}
