// The small fields blocks are made of.
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Choice } from "@/components/choice";
import { draftOfLiteral, literalOf } from "./blocks";
import styles from "./blocks.module.css";
import { COMPARISONS, type Comparison, type Literal } from "./tree";

interface NameProps {
  label: string;
  names: readonly string[];
  value: string;
  labelOf?: (name: string) => string;
  onChange(name: string): void;
}

// One of the names there are; one that is no longer there stays to be seen.
export function NameChoice({ label, names, value, labelOf = String, onChange }: NameProps) {
  const all = names.includes(value) ? names : [value, ...names];
  return (
    <Choice
      aria-label={label}
      value={value}
      options={all.map((name) => ({ value: name, label: labelOf(name) }))}
      onChange={onChange}
    />
  );
}

interface ComparisonProps {
  value: Comparison;
  // Texts and bools have no order.
  ordered?: boolean;
  onChange(value: Comparison): void;
}

export function ComparisonChoice({ value, ordered = true, onChange }: ComparisonProps) {
  const { t } = useTranslation();
  const offered = COMPARISONS.filter((each) => ordered || each === "=" || each === "!=");
  return (
    <NameChoice
      label={t("block.comparison")}
      names={offered}
      value={value}
      labelOf={(each) => t(`block.compared.${each as Comparison}`)}
      onChange={(next) => onChange(next as Comparison)}
    />
  );
}

interface CountProps {
  label: string;
  value: number;
  onChange(value: number): void;
}

export function CountField({ label, value, onChange }: CountProps) {
  return (
    <Input
      className={styles.number ?? ""}
      type="number"
      min={0}
      step={1}
      aria-label={label}
      value={Number.isNaN(value) ? "" : value}
      onChange={(event) => onChange(Number.parseInt(event.target.value, 10))}
    />
  );
}

const DURATION_UNITS = ["d", "h", "m", "w", "s", "ms"] as const;

interface DurationProps {
  label: string;
  value: string;
  onChange(value: string): void;
}

export function DurationField({ label, value, onChange }: DurationProps) {
  const { t } = useTranslation();
  const [, count = "", unit = "d"] = /^(\d*)(\D*)$/.exec(value) ?? [];
  return (
    <span className={styles.joined}>
      <Input
        className={styles.number ?? ""}
        inputMode="numeric"
        aria-label={label}
        value={count}
        onChange={(event) => onChange(event.target.value.replace(/\D/g, "") + unit)}
      />
      <NameChoice
        label={t("block.time_unit")}
        names={DURATION_UNITS}
        value={unit}
        labelOf={(each) => t(`block.duration.${each as (typeof DURATION_UNITS)[number]}`)}
        onChange={(next) => onChange(count + next)}
      />
    </span>
  );
}

interface LiteralProps {
  label: string;
  type: Schema["ValueType"] | undefined;
  value: Literal;
  onChange(value: Literal): void;
}

export function LiteralField({ label, type, value, onChange }: LiteralProps) {
  const { t } = useTranslation();
  const draft = draftOfLiteral(value);
  if (type === "bool" || value.bool !== undefined) {
    return (
      <Choice
        aria-label={label}
        value={draft}
        options={[
          { value: "true", label: t("value.yes") },
          { value: "false", label: t("value.no") },
        ]}
        onChange={(next) => onChange({ bool: next === "true" })}
      />
    );
  }
  const numeric = type === "int" || type === "decimal" || type === "money";
  const moment = type === "time" || type === "date";
  return (
    <Input
      className={(numeric ? styles.number : styles.value) ?? ""}
      aria-label={label}
      {...(numeric ? { inputMode: "decimal" as const } : {})}
      {...(moment ? { placeholder: t("block.moment_form") } : {})}
      value={draft}
      onChange={(event) => onChange(literalOf(event.target.value, type, value))}
    />
  );
}
