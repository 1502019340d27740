import { useTranslation } from "react-i18next";
import { ATTRIBUTE, IDENTITY, type OWN_COLUMNS } from "./customer_columns";
import { useLabels } from "./use_labels";

// Written small where it stands in a sentence.
const headOf = (word: string) => word.charAt(0).toLocaleUpperCase() + word.slice(1);

// What a column of customers is called.
export function useColumnTitle(): (column: string) => string {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const labels = useLabels();
  return (column) => {
    if (column.startsWith(ATTRIBUTE)) return labels.attribute(column.slice(ATTRIBUTE.length));
    if (!column.startsWith(IDENTITY)) {
      return t(`customers.column.${column as (typeof OWN_COLUMNS)[number]}`);
    }
    const kind = column.slice(IDENTITY.length);
    const known = `person.identity.${kind}`;
    return i18n.exists(known) ? headOf(say(known)) : kind;
  };
}
