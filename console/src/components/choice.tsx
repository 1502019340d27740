import type { SelectHTMLAttributes } from "react";
import styles from "./choice.module.css";

interface Props extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> {
  options: readonly { value: string; label: string }[];
  onChange?: (value: string) => void;
}

// One of several: the browser's own field, which phones, keyboards and readers know.
export function Choice({ options, onChange, className, ...rest }: Props) {
  return (
    <select
      {...rest}
      className={`${styles.choice} ${className ?? ""}`}
      onChange={(event) => onChange?.(event.target.value)}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
