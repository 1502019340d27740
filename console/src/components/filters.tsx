// What a list is narrowed by, above it. The values stand in the page's address.
import { Input } from "antd";
import { type ReactNode, useId } from "react";
import styles from "./filters.module.css";

export function Filters({ children }: { children: ReactNode }) {
  return <div className={styles.filters}>{children}</div>;
}

interface FieldProps {
  label: string;
  // What stands below the label, with the id it names.
  children(id: string): ReactNode;
}

export function FilterField({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.part}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

const ENDS = ["from", "to"] as const;
type Days = Partial<Record<(typeof ENDS)[number], string>>;

interface DayFieldsProps {
  labels: Required<Days>;
  value: Days;
  onChange(changed: Days): void;
}

// From a day to a day, both included; empty: no end.
export function DayFields({ labels, value, onChange }: DayFieldsProps) {
  return ENDS.map((end) => (
    <FilterField key={end} label={labels[end]}>
      {(id) => (
        <Input
          id={id}
          type="date"
          value={value[end] ?? ""}
          onChange={(event) => onChange({ [end]: event.target.value })}
        />
      )}
    </FilterField>
  ));
}
