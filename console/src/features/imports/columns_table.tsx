import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { DataTable } from "@/components/data_table";
import { formatCount } from "@/text/number";
import { VALUE_TYPES } from "@/text/value";
import type { Column } from "./asking";
import styles from "./imports.module.css";
import {
  columnOf,
  type MappedColumn,
  type Mapping,
  readersOf,
  usesOf,
  type ValueType,
  withColumn,
  withMember,
  withUse,
} from "./mapping";

export interface Part {
  draft: Mapping;
  columns: readonly string[];
  onChange(next: Mapping): void;
}

interface Props extends Part {
  known: readonly Column[];
  rows: number;
}

// Every column of the file: what is in it, and what it means.
export function ColumnsTable({ draft, known, rows, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t("imports.columns_title")}
      columns={[
        {
          key: "name",
          title: t("imports.column"),
          render: ({ name = "" }) => <b className={styles.column}>{name}</b>,
        },
        {
          key: "samples",
          title: t("imports.samples"),
          render: (column) => <Samples column={column} rows={rows} />,
        },
        {
          key: "as",
          title: t("imports.means"),
          render: ({ name = "" }) => <Use draft={draft} column={name} onChange={onChange} />,
        },
        {
          key: "name_as",
          title: t("imports.as_name"),
          render: ({ name = "" }) => <Named draft={draft} column={name} onChange={onChange} />,
        },
      ]}
      rows={known}
      keyOf={({ name = "" }) => name}
      empty={t("imports.no_columns")}
    />
  );
}

function Samples({ column, rows }: { column: Column; rows: number }) {
  const { t, i18n } = useTranslation();
  const { filled = 0, samples = [] } = column;
  const share = new Intl.NumberFormat(i18n.language, {
    style: "percent",
    maximumFractionDigits: 0,
  }).format(rows === 0 ? 0 : filled / rows);
  return (
    <>
      <div className={styles.samples}>{samples.join(t("imports.between"))}</div>
      <div className={styles.hint}>
        {t("imports.filled", { filled: formatCount(filled, i18n.language), share })}
      </div>
    </>
  );
}

interface Field {
  draft: Mapping;
  column: string;
  onChange(next: Mapping): void;
}

function Use({ draft, column, onChange }: Field) {
  const { t } = useTranslation();
  const readers = readersOf(draft, column);
  return (
    <>
      <Choice
        aria-label={`${t("imports.means")} ${column}`}
        value={columnOf(draft, column).as}
        options={usesOf(draft.kind).map((use) => ({ value: use, label: t(`imports.use.${use}`) }))}
        onChange={(use) => onChange(withUse(draft, column, use as MappedColumn["as"]))}
      />
      {readers.length > 0 && (
        <div className={styles.hint}>
          {t("imports.read_as", {
            what: readers.map((reader) => t(`imports.reader.${reader}`)).join(t("imports.between")),
          })}
        </div>
      )}
    </>
  );
}

function Named({ draft, column, onChange }: Field) {
  const { t } = useTranslation();
  const mapped = columnOf(draft, column);
  if (mapped.as === "ignored") return null;
  const change = (next: MappedColumn) => onChange(withColumn(draft, next));
  const isTyped = mapped.as === "attribute" || mapped.as === "property";
  return (
    <div className={styles.named}>
      <Input
        aria-label={`${t(`imports.name_of.${mapped.as}`)} ${column}`}
        placeholder={t(`imports.name_of.${mapped.as}`)}
        value={mapped.name ?? ""}
        onChange={({ target }) => change(withMember(mapped, "name", target.value))}
      />
      {isTyped && (
        <TypeChoice
          label={`${t("imports.type")} ${column}`}
          value={mapped.type}
          onChange={(type) => change(withMember(mapped, "type", type))}
        />
      )}
      {mapped.as === "tags" && (
        <Input
          aria-label={`${t("imports.split")} ${column}`}
          placeholder={t("imports.split")}
          value={mapped.split ?? ""}
          onChange={({ target }) => change(withMember(mapped, "split", target.value))}
        />
      )}
    </div>
  );
}

interface TypeProps {
  label: string;
  value: ValueType | undefined;
  onChange(type: ValueType | undefined): void;
}

// Without one the program finds it from the cells.
export function TypeChoice({ label, value, onChange }: TypeProps) {
  const { t } = useTranslation();
  return (
    <Choice
      aria-label={label}
      value={value ?? ""}
      options={[
        { value: "", label: t("imports.type_found") },
        ...VALUE_TYPES.map((type) => ({ value: type as string, label: t(`value_type.${type}`) })),
      ]}
      onChange={(type) => onChange(type === "" ? undefined : (type as ValueType))}
    />
  );
}
