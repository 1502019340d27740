import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { useNotices } from "@/components/notices";
import { ProblemAlert } from "@/components/problem_alert";
import { Segments } from "@/components/segments";
import { useDebounced } from "@/components/use_debounced";
import { labelOf } from "@/text/label";
import { formatCount } from "@/text/number";
import { useRfmPreview, useSaveRfm } from "./asking";
import { type PolicyDraft, policyDraftOf, policyOf } from "./policy_draft";
import styles from "./rfm.module.css";
import { RfmGrid } from "./rfm_grid";
import type { Rfm } from "./types";
import { useSaid } from "./use_said";

const PREVIEW_WAIT_MS = 400;

// How the grid is cut: into fifths, or where somebody says. What it would become is shown
// meanwhile.
export function PolicyDialog({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("rfm.policy")}</Button>
      {open && <Opened rfm={rfm} onClose={() => setOpen(false)} />}
    </>
  );
}

function Opened({ rfm, onClose }: { rfm: Rfm; onClose(): void }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const [draft, setDraft] = useState(() => policyDraftOf(rfm));
  const policy = policyOf(draft, rfm.policy);
  const settled = useDebounced(JSON.stringify(policy), PREVIEW_WAIT_MS);
  const asked = settled === "null" ? null : (JSON.parse(settled) as typeof policy);
  const preview = useRfmPreview(asked ?? rfm.policy, asked !== null);
  const save = useSaveRfm();
  return (
    <Dialog
      open
      wide
      title={t("rfm.policy")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("dialog.cancel")}</Button>
          <Button
            type="primary"
            disabled={policy === null}
            loading={save.isPending}
            onClick={() => {
              if (policy === null) return;
              save.mutate(policy, {
                onSuccess: () => {
                  notices.success(t("rfm.saved"));
                  onClose();
                },
              });
            }}
          >
            {t("dialog.save")}
          </Button>
        </>
      }
    >
      {save.isError && <ProblemAlert error={save.error} />}
      <Fields draft={draft} onChange={(next) => setDraft({ ...draft, ...next })} />
      {policy === null ? (
        <p role="alert" className={styles.wrong}>
          {t("rfm.policy_wrong")}
        </p>
      ) : (
        <section aria-label={t("rfm.preview")} data-testid="rfm_preview">
          <h3 className={styles.part}>{t("rfm.preview")}</h3>
          {preview.isError && <ProblemAlert error={preview.error} />}
          {preview.data && <Compared before={rfm} after={preview.data} />}
        </section>
      )}
    </Dialog>
  );
}

function Compared({ before, after }: { before: Rfm; after: Rfm }) {
  const { t } = useTranslation();
  return (
    <>
      <Moves before={before} after={after} />
      <div className={styles.compared}>
        <figure>
          <figcaption>{t("rfm.now")}</figcaption>
          <div inert>
            <RfmGrid rfm={before} money={null} onOpen={() => {}} />
          </div>
        </figure>
        <figure>
          <figcaption>{t("rfm.then")}</figcaption>
          <div inert>
            <RfmGrid rfm={after} money={null} onOpen={() => {}} />
          </div>
        </figure>
      </div>
    </>
  );
}

// Between the segments.
function Moves({ before, after: { moves = [], segments } }: { before: Rfm; after: Rfm }) {
  const { t, i18n } = useTranslation();
  const said = useSaid();
  const going = moves.filter(({ from, to }) => from !== to);
  const total = going.reduce((sum, { customers }) => sum + customers, 0);
  const called = (key: string) => {
    const segment = [...segments, ...before.segments].find((each) => each.key === key);
    return segment ? said(segment.label) : key || t("rfm.no_segment");
  };
  if (total === 0) return <p>{t("rfm.nobody_moves")}</p>;
  const largest = going.toSorted((one, other) => other.customers - one.customers);
  return (
    <>
      <p>{t("rfm.people_move", { people: formatCount(total, i18n.language) })}</p>
      <ul className={styles.moves}>
        {largest.slice(0, MOVES_SHOWN).map(({ from, to, customers }) => (
          <li key={`${from}>${to}`}>
            {t("river.flow", { from: called(from), to: called(to) })}{" "}
            {formatCount(customers, i18n.language)}
          </li>
        ))}
      </ul>
    </>
  );
}

const MOVES_SHOWN = 6;

interface FieldsProps {
  draft: PolicyDraft;
  onChange(next: Partial<PolicyDraft>): void;
}

function Fields({ draft, onChange }: FieldsProps) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const id = useId();
  const event = names?.events.find(({ name }) => name === draft.event);
  const options = (named: readonly { name: string; label_zh: string; label_en: string }[] = []) =>
    named.map((each) => ({ value: each.name, label: labelOf(each, i18n.language) }));
  const withOwn = (all: { value: string; label: string }[], own: string) =>
    all.some(({ value }) => value === own) ? all : [{ value: own, label: own }, ...all];
  const amounts = event?.properties.filter(({ type }) => type === "money" || type === "decimal");
  return (
    <div className={styles.fields}>
      <Segments
        label={t("rfm.by")}
        value={draft.by}
        options={(["quantile", "cuts"] as const).map((by) => ({
          value: by,
          label: t(`rfm.by_of.${by}`),
        }))}
        onChange={(by) => onChange({ by: by as PolicyDraft["by"] })}
      />
      <div className={styles.field}>
        <label htmlFor={`${id}event`}>{t("rfm.event")}</label>
        <Choice
          id={`${id}event`}
          value={draft.event}
          options={withOwn(options(names?.events), draft.event)}
          onChange={(value) => onChange({ event: value })}
        />
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}amount`}>{t("rfm.amount")}</label>
        <Choice
          id={`${id}amount`}
          value={draft.amount}
          options={withOwn(options(amounts), draft.amount)}
          onChange={(value) => onChange({ amount: value })}
        />
      </div>
      <Text
        label={t("rfm.window")}
        value={draft.window_days}
        onChange={(value) => onChange({ window_days: value })}
      />
      {draft.by === "cuts" &&
        (["recency", "frequency", "money"] as const).map((of) => (
          <Text
            key={of}
            label={t(`rfm.cuts.${of}`)}
            value={draft[of]}
            onChange={(value) => onChange({ [of]: value })}
          />
        ))}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange(value: string): void;
}

function Text({ label, value, onChange }: TextProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        value={value}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
