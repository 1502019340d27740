import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { useActorName } from "@/components/actor_name";
import { Moment } from "@/components/moment";
import { type GivenTree, RuleSentence } from "@/components/rule/rule_sentence";
import type { Audience, Content } from "./asking";
import styles from "./audience_page.module.css";

interface Props {
  mine: Content;
  // What somebody else has saved meanwhile.
  theirs: Audience;
  busy: boolean;
  onTakeTheirs(): void;
  onKeepMine(): void;
}

// Two have edited the same audience: both are shown, and whoever came second chooses.
export function Conflict({ mine, theirs, busy, onTakeTheirs, onKeepMine }: Props) {
  const { t } = useTranslation();
  const actorName = useActorName();
  return (
    <Alert
      type="warning"
      role="alert"
      showIcon
      className={styles.conflict ?? ""}
      title={t("audience.conflict", { version: theirs.version })}
      description={
        <>
          <dl className={styles.both} data-testid="conflict">
            <div>
              <dt>
                {t("audience.theirs", { name: actorName(theirs.changed_by) })}{" "}
                <Moment value={theirs.changed_at} exact brief />
              </dt>
              <dd>
                <Shown content={theirs} tree={theirs.tree} />
              </dd>
            </div>
            <div>
              <dt>{t("audience.mine")}</dt>
              <dd>
                <Shown content={mine} />
              </dd>
            </div>
          </dl>
          <p>{t("audience.conflict_todo")}</p>
          <div className={styles.actions}>
            <Button onClick={onTakeTheirs}>{t("audience.take_theirs")}</Button>
            <Button type="primary" loading={busy} onClick={onKeepMine}>
              {t("audience.keep_mine")}
            </Button>
          </div>
        </>
      }
    />
  );
}

function Shown({ content: { name, rule }, tree }: { content: Content; tree?: GivenTree }) {
  return (
    <>
      <strong>{name}</strong>
      <RuleSentence rule={rule} tree={tree} />
    </>
  );
}
