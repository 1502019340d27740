import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { formatCount } from "@/text/number";
import styles from "./imports.module.css";

// Something of the file is not there as it was meant.
const LOST = ["formulas_without_value", "errors", "digits_lost", "merged_ranges"] as const;
// Read like everything else.
const READ_TOO = ["formulas", "hidden_rows", "hidden_columns"] as const;

interface Props {
  notes: Schema["SheetNotes"];
  // The sheet itself.
  hidden: boolean;
}

// What a person should know of the sheet before it is imported; dates are no news.
export function SheetNotes({ notes, hidden }: Props) {
  const { t, i18n } = useTranslation();
  const met = [...LOST, ...READ_TOO].filter((name) => notes[name] > 0);
  if (met.length === 0 && !hidden) return null;
  const lost = LOST.some((name) => notes[name] > 0);
  return (
    <Alert
      type={lost ? "warning" : "info"}
      showIcon
      className={styles.alert ?? ""}
      title={t("imports.notes_title")}
      description={
        <ul className={styles.notes} data-testid="notes">
          {hidden && <li>{t("imports.note.hidden")}</li>}
          {met.map((name) => (
            <li key={name}>
              {t(`imports.note.${name}`, { cells: formatCount(notes[name], i18n.language) })}
            </li>
          ))}
        </ul>
      }
    />
  );
}
