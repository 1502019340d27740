import { Checkbox, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./column_picker.module.css";
import { useColumnTitle } from "./use_column_title";

// As many are seen at once; more are searched.
const SEEN_AT_ONCE = 20;

interface Props {
  offered: readonly string[];
  chosen: readonly string[];
  // No more of them.
  most: number;
  onChange(chosen: string[]): void;
}

// Which columns, in the order they are offered.
export function ColumnPicker({ offered, chosen, most, onChange }: Props) {
  const { t } = useTranslation();
  const titleOf = useColumnTitle();
  const [search, setSearch] = useState("");
  const known = offered.filter((column) => chosen.includes(column));
  const wanted = search.trim().toLowerCase();
  const shown = offered.filter((column) => titleOf(column).toLowerCase().includes(wanted));
  return (
    <fieldset className={styles.choices}>
      <legend className="for-readers">{t("customers.which_columns")}</legend>
      {offered.length > SEEN_AT_ONCE && (
        <Input
          type="search"
          aria-label={t("customers.find_column")}
          placeholder={t("customers.find_column")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      {offered.length > most && (
        <p className={styles.told}>
          {t("customers.columns_most", { most, total: offered.length, count: known.length })}
        </p>
      )}
      {shown.map((column) => (
        <Checkbox
          key={column}
          checked={chosen.includes(column)}
          disabled={!chosen.includes(column) && known.length >= most}
          onChange={({ target }) =>
            onChange(
              offered.filter((each) => (each === column ? target.checked : chosen.includes(each))),
            )
          }
        >
          {titleOf(column)}
        </Checkbox>
      ))}
    </fieldset>
  );
}
