// Which entries of the audit are shown: in the address, so that it can be shared.
import { Input } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import type { paths } from "@/api/generated/schema";
import { Choice } from "@/components/choice";
import { dayAfter } from "@/text/days";
import styles from "./settings.module.css";

type Query = NonNullable<paths["/audit"]["get"]["parameters"]["query"]>;

const NOUNS = [
  "customer",
  "tag",
  "list",
  "attribute",
  "audience",
  "import",
  "event_type",
  "user",
  "session",
  "second_factor",
  "key",
  "setting",
  "question",
] as const;
const KINDS = ["user", "key", "import", "command_line", "system"] as const;

const PARTS = ["noun", "by", "customer", "from", "to"] as const;
export type AuditFilter = Partial<Record<(typeof PARTS)[number], string>>;

export function useAuditFilter(): [AuditFilter, (changed: AuditFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const filter: AuditFilter = {};
  for (const part of PARTS) {
    const value = search.get(part);
    if (value) filter[part] = value;
  }
  const change = (changed: AuditFilter) => {
    const next = Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== "");
    setSearch(new URLSearchParams(next));
  };
  return [filter, change];
}

// As the program is asked: whole days of the workspace, the last one included.
export function auditQuery({ noun, by, customer, from, to }: AuditFilter): Query {
  const kind = KINDS.find((each) => each === by);
  return {
    ...(noun ? { noun } : {}),
    ...(kind ? { actor_kind: kind } : {}),
    ...(customer ? { customer } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to: dayAfter(to) } : {}),
  };
}

interface Props {
  filter: AuditFilter;
  onChange(changed: AuditFilter): void;
}

export function AuditFilterFields({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const optionsOf = <Value extends string>(
    values: readonly Value[],
    wordOf: (value: Value) => string,
  ) => [
    { value: "", label: t("audit.all") },
    ...values.map((value) => ({ value, label: wordOf(value) })),
  ];
  return (
    <div className={styles.filters}>
      <Field label={t("audit.of")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.noun ?? ""}
            options={optionsOf(NOUNS, (each) => t(`audit.noun.${each}`))}
            onChange={(noun) => onChange({ noun })}
          />
        )}
      </Field>
      <Field label={t("audit.by")}>
        {(id) => (
          <Choice
            id={id}
            value={filter.by ?? ""}
            options={optionsOf(KINDS, (each) => t(`audit.kind.${each}`))}
            onChange={(by) => onChange({ by })}
          />
        )}
      </Field>
      <Field label={t("audit.customer")}>
        {(id) => (
          <CustomerField
            key={filter.customer ?? ""}
            id={id}
            value={filter.customer ?? ""}
            onChange={(customer) => onChange({ customer })}
          />
        )}
      </Field>
      {(["from", "to"] as const).map((end) => (
        <Field key={end} label={t(`audit.${end}`)}>
          {(id) => (
            <Input
              id={id}
              type="date"
              value={filter[end] ?? ""}
              onChange={(event) => onChange({ [end]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

interface FieldProps {
  label: string;
  // What stands below the label, with the id it names.
  children(id: string): ReactNode;
}

function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.part}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface CustomerFieldProps {
  id: string;
  value: string;
  onChange(customer: string): void;
}

// Asked for when it is written: by Enter, or by leaving the field.
function CustomerField({ id, value, onChange }: CustomerFieldProps) {
  const { t } = useTranslation();
  const take = (text: string) => text.trim() !== value && onChange(text.trim());
  return (
    <Input
      id={id}
      defaultValue={value}
      placeholder={t("audit.customer_hint")}
      allowClear
      autoComplete="off"
      spellCheck={false}
      onPressEnter={(event) => take(event.currentTarget.value)}
      onBlur={(event) => take(event.target.value)}
      onClear={() => take("")}
    />
  );
}
