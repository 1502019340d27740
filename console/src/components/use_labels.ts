import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { labelAmong } from "@/text/label";

// What the workspace calls its attributes, events and their properties, in the reader's language.
export function useLabels() {
  const { i18n } = useTranslation();
  const names = useNames();
  return {
    attribute: (name: string) => labelAmong(names?.attributes, name, i18n.language),
    event: (name: string) => labelAmong(names?.events, name, i18n.language),
    property: (event: string, name: string) =>
      labelAmong(
        names?.events.find((each) => each.name === event)?.properties,
        name,
        i18n.language,
      ),
  };
}
