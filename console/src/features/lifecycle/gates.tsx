import { CheckCircleFilled, MinusCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { formatCount } from "@/text/number";
import styles from "./rhythm.module.css";
import type { Gate } from "./types";

// What has to be there before anything is said of anybody, and how far it is.
export function Gates({ gates }: { gates: readonly Gate[] }) {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const figure = (value: number) => formatCount(value, i18n.language);
  return (
    <ul className={styles.gates} data-testid="gates">
      {gates.map(({ key, ok, have, want }) => {
        const name = i18n.exists(`rhythm.gate.${key}`) ? say(`rhythm.gate.${key}`) : key;
        return (
          <li key={key} data-ok={ok}>
            {ok ? <CheckCircleFilled aria-hidden /> : <MinusCircleOutlined aria-hidden />}
            <span>
              {name}
              <small>{ok ? t("rhythm.gate_ok") : t("rhythm.gate_missing")}</small>
            </span>
            <progress aria-label={name} max={want} value={Math.min(have, want)} />
            <span className={styles.of}>{`${figure(have)} / ${figure(want)}`}</span>
          </li>
        );
      })}
    </ul>
  );
}
