import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useActorName } from "@/components/actor_name";
import { Moment } from "@/components/moment";
import { RuleSentence } from "@/components/rule/rule_sentence";
import styles from "./editor.module.css";
import type { Model } from "./types";
import { useSaid } from "./use_said";

interface Props {
  // What somebody else has saved meanwhile.
  theirs: Model;
  busy: boolean;
  onTakeTheirs(): void;
  onKeepMine(): void;
}

// Two have edited the same model: theirs is shown, and whoever came second chooses.
export function ModelConflict({ theirs, busy, onTakeTheirs, onKeepMine }: Props) {
  const { t } = useTranslation();
  const actorName = useActorName();
  const said = useSaid();
  return (
    <Alert
      type="warning"
      role="alert"
      showIcon
      className={styles.error ?? ""}
      title={t("audience.conflict", { version: theirs.version })}
      description={
        <div data-testid="conflict">
          <p>
            {t("audience.theirs", { name: actorName(theirs.changed_by) })}{" "}
            <Moment value={theirs.changed_at} exact brief />
          </p>
          <ol>
            {theirs.stages.map(({ key, label, rule }) => (
              <li key={key}>
                <b>{said(label)}</b> <RuleSentence rule={rule} />
              </li>
            ))}
          </ol>
          <p>{t("audience.conflict_todo")}</p>
          <div className={styles.choices}>
            <Button onClick={onTakeTheirs}>{t("audience.take_theirs")}</Button>
            <Button type="primary" loading={busy} onClick={onKeepMine}>
              {t("audience.keep_mine")}
            </Button>
          </div>
        </div>
      }
    />
  );
}
