import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/choice";
import { NameField } from "@/components/name_field";
import { useMay } from "@/components/permissions";
import { type Person, useLists, useTags } from "./asking";
import { type BulkChange, type BulkResult, type BulkThing, nothingDone, runBulk } from "./bulk";
import styles from "./bulk_bar.module.css";
import { BulkReport } from "./bulk_report";

export interface BulkRun {
  change: BulkChange;
  people: readonly Person[];
  result: BulkResult;
  began: number;
  state: "running" | "stopped" | "done";
  // It takes another one back.
  undoing: boolean;
}

interface Props {
  selected: readonly Person[];
  onClear(): void;
}

// What can be done with the chosen customers, and how it goes.
export function BulkBar({ selected, onClear }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [run, setRun] = useState<BulkRun | null>(null);
  const stop = useRef<AbortController>(null);
  const start = async (change: BulkChange, people: readonly Person[], undoing: boolean) => {
    const controller = new AbortController();
    stop.current = controller;
    const begun = { change, people, began: Date.now(), undoing };
    setRun({ ...begun, result: nothingDone(), state: "running" });
    const result = await runBulk(people, change, {
      signal: controller.signal,
      onProgress: (now) => setRun({ ...begun, result: now, state: "running" }),
    });
    setRun({ ...begun, result, state: controller.signal.aborted ? "stopped" : "done" });
    await client.invalidateQueries({ queryKey: ["customers"] });
    await client.invalidateQueries({ queryKey: ["rules"] });
  };
  if (selected.length === 0 && run === null) return null;
  return (
    <section className={styles.bar} aria-label={t("customers.bulk")} data-testid="bulk">
      {selected.length > 0 && run?.state !== "running" && (
        <div className={styles.line}>
          <strong>{t("customers.selected", { count: selected.length })}</strong>
          <Change onChange={(change) => void start(change, selected, false)} />
          <Button type="text" onClick={onClear}>
            {t("customers.clear")}
          </Button>
        </div>
      )}
      {run && (
        <BulkReport
          run={run}
          onStop={() => stop.current?.abort()}
          onUndo={() => void start({ ...run.change, on: !run.change.on }, run.result.changed, true)}
          onClose={() => setRun(null)}
        />
      )}
    </section>
  );
}

const ACTIONS = ["add_tag", "remove_tag", "add_list", "remove_list"] as const;
type Action = (typeof ACTIONS)[number];

function Change({ onChange }: { onChange(change: BulkChange): void }) {
  const { t } = useTranslation();
  const mayLists = useMay("tags.write");
  const [action, setAction] = useState<Action>("add_tag");
  const tags = useTags().data?.groups.flatMap((group) => group.tags) ?? [];
  const lists = useLists(mayLists).data?.lists ?? [];
  const things: BulkThing[] = action.endsWith("tag")
    ? tags.map(({ id, group, name }) => ({ kind: "tag", id, name: `${group}/${name}` }))
    : lists.map(({ id, name }) => ({ kind: "list", id, name }));
  const choose = (name: string) => {
    const thing = things.find((each) => each.name === name);
    if (thing) onChange({ thing, on: action.startsWith("add") });
  };
  const offered = ACTIONS.filter((each) => mayLists || each.endsWith("tag"));
  return (
    <>
      <Choice
        aria-label={t("customers.action")}
        value={action}
        options={offered.map((each) => ({ value: each, label: t(`customers.actions.${each}`) }))}
        onChange={(next) => setAction(next as Action)}
      />
      <NameField
        key={action}
        label={t(action.endsWith("tag") ? "person.tag_name" : "person.list_name")}
        action={t("customers.do_it")}
        names={things.map(({ name }) => name)}
        unknown={t(action.endsWith("tag") ? "customers.no_tag" : "customers.no_list")}
        onChoose={choose}
      />
    </>
  );
}
