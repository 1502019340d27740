import { Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useZone } from "@/components/zone";
import { pickedWall, wallTime } from "@/text/moment";
import styles from "./moment_choice.module.css";

interface Props {
  // A moment of the API; null: now.
  value: string | null;
  onChange(value: string | null): void;
}

// The moment a question is asked at, by the workspace's clock. The browser's own field: it knows
// no zone, phones bring their wheel for it, and the keyboard and readers work in it.
export function MomentChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  const choose = (choice: string) =>
    onChange(choice === "now" ? null : wallTime(new Date().toISOString(), zone).slice(0, 16));
  return (
    <div className={styles.choice}>
      <Segmented
        aria-label={t("question.when")}
        value={value === null ? "now" : "at"}
        options={[
          { value: "now", label: t("question.now") },
          { value: "at", label: t("question.at") },
        ]}
        onChange={choose}
      />
      {value !== null && (
        <input
          type="datetime-local"
          step="any"
          className={styles.field}
          aria-label={t("question.at_in", { zone })}
          title={t("question.at_in", { zone })}
          value={pickedWall(value, zone)}
          onChange={(event) => event.target.value !== "" && onChange(event.target.value)}
        />
      )}
    </div>
  );
}
