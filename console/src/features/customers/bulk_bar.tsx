import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { NameField } from "@/components/name_field";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import { useLists, useTags } from "./asking";
import { type Action, useBegin, useBegun, type Whom } from "./bulk";
import styles from "./bulk_bar.module.css";
import { BulkReport } from "./bulk_report";

interface Props {
  whom: Whom;
  // How many they are.
  count: number;
  onClear(): void;
}

// What can be done with the chosen customers, and how it goes.
export function BulkBar({ whom, count, onClear }: Props) {
  const { t, i18n } = useTranslation();
  const [begun, setBegun] = useBegun();
  const [asking, setAsking] = useState<Action | null>(null);
  const begin = useBegin();
  const start = (action: Action) => {
    setAsking(null);
    begin.mutate(
      { action, whom },
      { onSuccess: ({ id }) => setBegun({ id, action, began: Date.now() }) },
    );
  };
  if (count === 0 && begun === null) return null;
  const byRule = "rule" in whom;
  const many = t(byRule ? "customers.selected_all" : "customers.selected", {
    count,
    total: formatCount(count, i18n.language),
  });
  return (
    <section className={styles.bar} aria-label={t("customers.bulk")} data-testid="bulk">
      {count > 0 && (
        <div className={styles.line}>
          <strong>{many}</strong>
          {/* Whoever means a rule is asked once: nobody sees all of them. */}
          <Change onChange={(action) => (byRule ? setAsking(action) : start(action))} />
          <Button type="text" onClick={onClear}>
            {t("customers.clear")}
          </Button>
        </div>
      )}
      {begin.isError && <ProblemAlert error={begin.error} />}
      {begun && <BulkReport key={begun.id} begun={begun} onClose={() => setBegun(null)} />}
      {asking && (
        <Dialog
          open
          onClose={() => setAsking(null)}
          title={t("customers.bulk_ask")}
          actions={
            <>
              <Button onClick={() => setAsking(null)}>{t("dialog.cancel")}</Button>
              <Button type="primary" onClick={() => start(asking)}>
                {t("customers.do_it")}
              </Button>
            </>
          }
        >
          <p>
            {t("customers.bulk_sentence", {
              what: t(`customers.doing.${asking.on ? "add" : "remove"}`, { name: asking.name }),
              many,
            })}
          </p>
        </Dialog>
      )}
    </section>
  );
}

const ACTIONS = ["add_tag", "remove_tag", "add_list", "remove_list"] as const;
type Kind = (typeof ACTIONS)[number];

function Change({ onChange }: { onChange(action: Action): void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>("add_tag");
  const tags = useTags().data?.groups.flatMap((group) => group.tags) ?? [];
  const lists = useLists(true).data?.lists ?? [];
  const ofTags = kind.endsWith("tag");
  const things = ofTags
    ? tags.map(({ id, group, name }) => ({ id, name: `${group}/${name}` }))
    : lists;
  const choose = (chosen: string) => {
    const thing = things.find(({ name }) => name === chosen);
    if (!thing) return;
    const { id, name } = thing;
    onChange({ kind: ofTags ? "tag" : "list", id, name, on: kind.startsWith("add") });
  };
  return (
    <>
      <Choice
        aria-label={t("customers.action")}
        value={kind}
        options={ACTIONS.map((each) => ({ value: each, label: t(`customers.actions.${each}`) }))}
        onChange={(next) => setKind(next as Kind)}
      />
      <NameField
        key={kind}
        label={t(ofTags ? "person.tag_name" : "person.list_name")}
        action={t("customers.do_it")}
        names={things.map(({ name }) => name)}
        unknown={t(ofTags ? "customers.no_tag" : "customers.no_list")}
        onChoose={choose}
      />
    </>
  );
}
