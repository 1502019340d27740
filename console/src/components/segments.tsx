import { useId } from "react";
import styles from "./segments.module.css";

interface Props {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange(value: string): void;
}

// One of a few that are all seen; in as many lines as the page is narrow.
export function Segments({ label, value, options, onChange }: Props) {
  const name = useId();
  return (
    <fieldset className={styles.segments} aria-label={label}>
      {options.map((each) => (
        <label key={each.value} className={styles.segment}>
          <input
            type="radio"
            className="for-readers"
            name={name}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
          />
          <span>{each.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
