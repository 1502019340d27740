import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProblemText } from "@/components/problem_text";
import { customerAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { doneOf } from "./bulk";
import type { BulkRun } from "./bulk_bar";
import styles from "./bulk_bar.module.css";

const FAILURES_SHOWN = 20;

interface Props {
  run: BulkRun;
  onStop(): void;
  onUndo(): void;
  onClose(): void;
}

// How far it is, then what became of it.
export function BulkReport({ run, onStop, onUndo, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { change, people, result, state, undoing } = run;
  const done = doneOf(result);
  const count = (value: number) => formatCount(value, i18n.language);
  const what = t(`customers.doing.${change.on ? "add" : "remove"}`, { name: change.thing.name });
  return (
    <div className={styles.report}>
      <div className={styles.line}>
        <span>{undoing ? t("customers.undoing", { what }) : what}</span>
        <progress value={done} max={people.length} aria-label={what} />
        <span role="status">
          {t("customers.progress", { done: count(done), total: count(people.length) })}
          {state === "running" && <Left run={run} done={done} />}
        </span>
        {state === "running" ? (
          <Button size="small" onClick={onStop}>
            {t("customers.stop")}
          </Button>
        ) : (
          <>
            {!undoing && result.changed.length > 0 && (
              <Button size="small" onClick={onUndo} data-testid="undo">
                {t("customers.undo", { count: result.changed.length })}
              </Button>
            )}
            <Button size="small" type="text" onClick={onClose}>
              {t("customers.close_report")}
            </Button>
          </>
        )}
      </div>
      {state !== "running" && (
        <p className={styles.summary}>
          {state === "stopped" && `${t("customers.stopped")} `}
          {t("customers.summary", {
            changed: count(result.changed.length),
            already: count(result.already.length),
            failed: count(result.failed.length),
          })}
        </p>
      )}
      <Failures failed={result.failed} />
    </div>
  );
}

function Left({ run, done }: { run: BulkRun; done: number }) {
  const { t } = useTranslation();
  if (done === 0) return null;
  const each = (Date.now() - run.began) / done;
  const seconds = Math.ceil((each * (run.people.length - done)) / 1000);
  return <> {t("customers.left", { count: seconds })}</>;
}

function Failures({ failed }: Pick<BulkRun["result"], "failed">) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (failed.length === 0) return null;
  return (
    <ul className={styles.failures} data-testid="failures">
      {failed.slice(0, FAILURES_SHOWN).map(({ person, error }) => (
        <li key={person.id}>
          <Link to={customerAddress(person)}>{person.key}</Link> {problemText(error).happened}
        </li>
      ))}
      {failed.length > FAILURES_SHOWN && (
        <li>{t("customers.more_failures", { count: failed.length - FAILURES_SHOWN })}</li>
      )}
    </ul>
  );
}
