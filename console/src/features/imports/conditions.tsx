import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import styles from "./imports.module.css";
import { type Condition, changed, needsValues, TESTS, type Test, withMember } from "./mapping";

interface Props {
  conditions: readonly Condition[];
  columns: readonly string[];
  onChange(next: Condition[]): void;
}

// A comma as it is typed in either language, and the mark between words of a list.
const BETWEEN = /[,\uFF0C\u3001]/;

// Conditions on the cells of a row.
export function Conditions({ conditions, columns, onChange }: Props) {
  const { t } = useTranslation();
  const fresh: Condition = { column: columns[0] ?? "", test: "is", values: [""] };
  return (
    <div className={styles.list}>
      {conditions.map((condition, index) => (
        <div key={index} className={styles.row}>
          <ConditionFields
            condition={condition}
            columns={columns}
            onChange={(next) => onChange(changed(conditions, index, next))}
          />
          <Button
            size="small"
            type="text"
            aria-label={`${t("imports.remove")} ${condition.column}`}
            onClick={() => onChange(changed(conditions, index, null))}
          >
            {t("imports.remove")}
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => onChange([...conditions, fresh])}>
        {t("imports.add_condition")}
      </Button>
    </div>
  );
}

interface FieldsProps {
  condition: Condition;
  columns: readonly string[];
  onChange(next: Condition): void;
}

function ConditionFields({ condition, columns, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const { column, test, values = [] } = condition;
  return (
    <>
      <ColumnChoice
        label={t("imports.column")}
        value={column}
        columns={columns}
        onChange={(next) => onChange({ ...condition, column: next })}
      />
      <Choice
        aria-label={t("imports.test_label")}
        value={test}
        options={TESTS.map((each) => ({ value: each, label: t(`imports.test.${each}`) }))}
        onChange={(next) =>
          onChange(
            needsValues(next as Test)
              ? { column, test: next as Test, values: values.length > 0 ? values : [""] }
              : withMember({ column, test: next as Test, values }, "values", undefined),
          )
        }
      />
      {needsValues(test) && (
        <Input
          aria-label={t("imports.values")}
          placeholder={t("imports.values")}
          value={values.join(",")}
          onChange={({ target }) => onChange({ ...condition, values: target.value.split(BETWEEN) })}
        />
      )}
    </>
  );
}

interface ColumnProps {
  label: string;
  value: string;
  columns: readonly string[];
  // What the empty choice means; without it one has to be chosen.
  none?: string;
  onChange(column: string): void;
}

export function ColumnChoice({ label, value, columns, none, onChange }: ColumnProps) {
  const { t } = useTranslation();
  const isThere = columns.includes(value);
  return (
    <Choice
      aria-label={label}
      value={value}
      options={[
        ...(none !== undefined || !isThere
          ? [{ value: isThere ? "" : value, label: none ?? (value || t("imports.choose_column")) }]
          : []),
        ...columns.map((column) => ({ value: column, label: column })),
      ]}
      onChange={onChange}
    />
  );
}
