import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount, formatSpan } from "@/text/number";
import { type Begun, type BulkChange, useBulkChange, useStop, useUndo, wordsOf } from "./bulk";
import styles from "./bulk_bar.module.css";

interface Props {
  begun: Begun;
  onClose(): void;
}

// How far it is, then what became of it. It goes on when the page is left.
export function BulkReport({ begun, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const change = useBulkChange(begun.id);
  const stop = useStop(begun.id);
  const undo = useUndo(begun.id);
  const { action } = begun;
  const what = t(wordsOf(action), { name: action.name });
  if (change.isError) return <ProblemAlert error={change.error} retry={() => change.refetch()} />;
  if (!change.data) return <p className={styles.summary}>{what}</p>;
  const { state, changed, undoable, undo: undoing } = change.data;
  const { done, customers } = state === "undoing" && undoing ? undoing : change.data;
  const count = (value: number) => formatCount(value, i18n.language);
  const back = (state === "undoing" && !undoing?.failed) || state === "undone";
  return (
    <div className={styles.report}>
      <div className={styles.line}>
        <span>{back ? t("customers.undoing", { what }) : what}</span>
        <progress value={done} max={Math.max(1, customers)} aria-label={what} />
        <span role="status">
          {t("customers.progress", { done: count(done), total: count(customers) })}
          {state === "running" && <Left change={change.data} began={begun.began} />}
        </span>
        {state === "running" ? (
          <Button size="small" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t("customers.stop")}
          </Button>
        ) : (
          <>
            {!back && undoable && changed > 0 && (
              <Button
                size="small"
                loading={undo.isPending}
                onClick={() => undo.mutate()}
                data-testid="undo"
              >
                {t("customers.undo", { count: changed, total: count(changed) })}
              </Button>
            )}
            <Button size="small" type="text" onClick={onClose}>
              {t("customers.close_report")}
            </Button>
          </>
        )}
      </div>
      {state !== "running" && <Summary change={change.data} />}
      {(stop.isError || undo.isError) && <ProblemAlert error={stop.error ?? undo.error} />}
    </div>
  );
}

function Summary({ change }: { change: BulkChange }) {
  const { state, reason, changed, as_before, left_out } = change;
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <p className={styles.summary}>
      {(state === "stopped" || state === "cut_off") && `${t(`customers.${state}`)} `}
      {state === "undone" ? `${t("customers.undone")} ` : reason && `${reason.detail} `}
      {t("customers.summary", {
        changed: count(changed),
        already: count(as_before),
        left_out: count(left_out),
      })}
    </p>
  );
}

function Left({ change: { done, customers }, began }: { change: BulkChange; began: number }) {
  const { t, i18n } = useTranslation();
  if (done === 0) return null;
  const each = (Date.now() - began) / done;
  const span = formatSpan(Math.ceil((each * (customers - done)) / 1000), i18n.language);
  return t("customers.left", { span });
}
