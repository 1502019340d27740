// What a row can show beside the key: the columns of the program's table, by its names for them.
import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Names } from "@/api/names";
import { ATTRIBUTE, IDENTITY, type OWN_COLUMNS } from "@/components/customer_columns";
import { Moment } from "@/components/moment";
import { useLabels } from "@/components/use_labels";
import { useValueText } from "@/components/use_value_text";
import { formatCount } from "@/text/number";
import type { Row } from "./asking";
import styles from "./customers_page.module.css";

type OwnColumn = (typeof OWN_COLUMNS)[number];
const IDENTITIES_SHOWN = 2;
const TAGS_SHOWN = 4;

// Those of them that the workspace has.
export const DEFAULT_COLUMNS = ["attribute:name", "identity:phone", "tags", "last_event_at"];
export const COLUMNS_MAX = 8;

export const isFigure = (column: string) => column === "orders" || column === "net";

// Written small where it stands in a sentence.
const headOf = (word: string) => word.charAt(0).toLocaleUpperCase() + word.slice(1);

export function useColumnTitle(): (column: string) => string {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const labels = useLabels();
  return (column) => {
    if (column.startsWith(ATTRIBUTE)) return labels.attribute(column.slice(ATTRIBUTE.length));
    if (!column.startsWith(IDENTITY)) return t(`customers.column.${column as OwnColumn}`);
    const kind = column.slice(IDENTITY.length);
    const known = `person.identity.${kind}`;
    return i18n.exists(known) ? headOf(say(known)) : kind;
  };
}

interface CellProps {
  row: Row;
  column: string;
  names: Names | undefined;
}

export function Cell({ row, column, names }: CellProps): ReactNode {
  const { i18n } = useTranslation();
  const valueText = useValueText();
  const value = row.cells[column];
  if (value === null || value === undefined) return <span className={styles.none}>–</span>;
  if (column.startsWith(ATTRIBUTE)) {
    const type = names?.attributes.find(({ name }) => ATTRIBUTE + name === column)?.type;
    return valueText(value, type);
  }
  if (column.startsWith(IDENTITY)) {
    return textsOf(value)
      .slice(0, IDENTITIES_SHOWN)
      .map((identity) => (
        <span key={identity} className={styles.identity}>
          {identity}
        </span>
      ));
  }
  switch (column as OwnColumn) {
    case "tags":
    case "lists":
      return <Labels names={textsOf(value)} />;
    case "orders":
      return formatCount(Number(value), i18n.language);
    case "net":
      return valueText(value, "money");
    default:
      return <Moment value={String(value)} brief />;
  }
}

const textsOf = (value: unknown) => (Array.isArray(value) ? value.map(String) : [String(value)]);

function Labels({ names }: { names: readonly string[] }) {
  return (
    <span className={styles.labels} title={names.join("\n")}>
      {names.slice(0, TAGS_SHOWN).map((name) => (
        <Tag key={name}>{name}</Tag>
      ))}
      {names.length > TAGS_SHOWN && <span>+{names.length - TAGS_SHOWN}</span>}
    </span>
  );
}
