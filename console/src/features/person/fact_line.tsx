import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Moment } from "@/components/moment";
import { useLabels } from "@/components/use_labels";
import { useValueText } from "@/components/use_value_text";
import { propertyTypes } from "./event_words";
import styles from "./fact_line.module.css";

// One event or value that decided a node.
export function FactLine({ fact }: { fact: Schema["Fact"] }) {
  const { t } = useTranslation();
  const names = useNames();
  const labels = useLabels();
  const valueText = useValueText();
  const type =
    fact.kind === "attribute"
      ? names?.attributes.find((attribute) => attribute.name === fact.name)?.type
      : undefined;
  const types = propertyTypes(names, fact.name);
  return (
    <li className={styles.fact}>
      <span className={styles.kind}>{t(`fact.${fact.kind}`)}</span>
      <span className={styles.name}>
        {fact.kind === "membership" ? fact.name : labels[fact.kind](fact.name)}
      </span>
      {fact.kind === "attribute" && <span>= {valueText(fact.value, type)}</span>}
      {fact.time && <Moment value={fact.time} exact />}
      {fact.until && (
        <span>
          {t("fact.until")} <Moment value={fact.until} exact />
        </span>
      )}
      {Object.entries(fact.properties ?? {}).map(([name, value]) => (
        <span key={name} className={styles.property}>
          {labels.property(fact.name, name)} {valueText(value, types[name])}
        </span>
      ))}
    </li>
  );
}
