// What a row can show beside the key. Names of attributes stand behind "a.".
import { Skeleton, Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Names } from "@/api/names";
import { Moment } from "@/components/moment";
import { useZone } from "@/components/zone";
import { formatValue } from "@/text/value";
import { type Record, useRecord } from "./asking";
import styles from "./customers_page.module.css";

export const OWN_COLUMNS = ["identities", "tags", "lists", "known_since", "created_at"] as const;
type OwnColumn = (typeof OWN_COLUMNS)[number];
const ATTRIBUTE = "a.";
const IDENTITIES_SHOWN = 2;
const TAGS_SHOWN = 4;

export const DEFAULT_COLUMNS = ["identities", "tags", "known_since"];
export const COLUMNS_MAX = 8;

export function columnsFor(names: Names | undefined): string[] {
  return [...OWN_COLUMNS, ...(names?.attributes ?? []).map(({ name }) => ATTRIBUTE + name)];
}

export function useColumnTitle(): (column: string) => string {
  const { t } = useTranslation();
  return (column) =>
    column.startsWith(ATTRIBUTE)
      ? column.slice(ATTRIBUTE.length)
      : t(`customers.column.${column as OwnColumn}`);
}

export function Cell({ customer, column }: { customer: string; column: string }) {
  const record = useRecord(customer);
  if (record.isError) return <span className={styles.none}>–</span>;
  if (!record.data) return <Skeleton.Node active className={styles.waiting ?? ""} />;
  return <Content record={record.data} column={column} />;
}

function Content({ record, column }: { record: Record; column: string }): ReactNode {
  if (column.startsWith(ATTRIBUTE)) {
    return <Attribute record={record} name={column.slice(ATTRIBUTE.length)} />;
  }
  switch (column as OwnColumn) {
    case "identities":
      return record.identities
        .filter(({ kind }) => kind !== "customer")
        .slice(0, IDENTITIES_SHOWN)
        .map(({ kind, value }) => (
          <span key={`${kind}:${value}`} title={kind} className={styles.identity}>
            {value}
          </span>
        ));
    case "tags":
      return <Labels names={record.tags.map(({ group, name }) => `${group}/${name}`)} />;
    case "lists":
      return <Labels names={record.lists.map(({ name }) => name)} />;
    case "known_since":
      return <Moment value={record.known_since} />;
    case "created_at":
      return <Moment value={record.created_at} />;
  }
}

function Attribute({ record, name }: { record: Record; name: string }) {
  const { t } = useTranslation();
  const zone = useZone();
  const found = record.attributes.find((attribute) => attribute.name === name);
  if (!found || found.value === null) return <span className={styles.none}>–</span>;
  const words = {
    unknown: t("value.unknown"),
    yes: t("value.yes"),
    no: t("value.no"),
    separator: t("value.separator"),
  };
  return formatValue(found.value, found.type, { zone, words });
}

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
