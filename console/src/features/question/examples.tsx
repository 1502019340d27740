import { Button } from "antd";
import { useTranslation } from "react-i18next";
import styles from "./examples.module.css";

// Rules over the standard vocabulary, so that they mean something in every workspace.
export const EXAMPLES = [
  { key: "everyone", rule: "everyone" },
  { key: "recent", rule: "did order_paid in last 30d" },
  { key: "loyal", rule: "did order_paid >= 3 times in last 90d" },
  { key: "asleep", rule: "did order_paid and did not order_paid in last 60d" },
  { key: "first", rule: "first order_paid in last 30d" },
  { key: "left_cart", rule: "did cart_added then not order_created within 24h" },
] as const;

export function Examples({ onChoose }: { onChoose(rule: string): void }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.examples} aria-label={t("question.examples")}>
      {EXAMPLES.map(({ key, rule }) => (
        <li key={key}>
          <Button className={styles.example ?? ""} onClick={() => onChoose(rule)}>
            <span>{t(`question.example.${key}`)}</span>
            <code>{rule}</code>
          </Button>
        </li>
      ))}
    </ul>
  );
}
