import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api } from "@/api/client";
import { Choice } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { NameField } from "@/components/name_field";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { useProblemText } from "@/components/problem_text";
import { type StaffChoice, StaffField } from "@/components/staff_field";
import { formatCount } from "@/text/number";
import { useLists, useTags } from "./asking";
import { type Action, useBegin, useBegun, type Whom, wordsOf } from "./bulk";
import styles from "./bulk_bar.module.css";
import { BulkReport } from "./bulk_report";

// Who is found is somebody whose name may be seen.
export function useMayAssign(): boolean {
  const seesStaff = useMay("accounts.read");
  return useMay("customers.assign") && seesStaff;
}

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
            {t(asking.kind === "staff" ? "customers.assign_sentence" : "customers.bulk_sentence", {
              what: t(wordsOf(asking), { name: asking.name }),
              many,
            })}
          </p>
        </Dialog>
      )}
    </section>
  );
}

const TAGGING = ["add_tag", "remove_tag", "add_list", "remove_list"] as const;
const ASSIGNING = ["add_staff", "remove_staff"] as const;
type Kind = (typeof TAGGING)[number] | (typeof ASSIGNING)[number];

function Change({ onChange }: { onChange(action: Action): void }) {
  const { t } = useTranslation();
  const mayTag = useMay("tags.write");
  const mayAssign = useMayAssign();
  const offered: Kind[] = [...(mayTag ? TAGGING : []), ...(mayAssign ? ASSIGNING : [])];
  const [kind, setKind] = useState<Kind>(offered[0] ?? "add_tag");
  const tags = useTags().data?.groups.flatMap((group) => group.tags) ?? [];
  const lists = useLists(mayTag).data?.lists ?? [];
  const ofTags = kind.endsWith("tag");
  const things = ofTags
    ? tags.map(({ id, group, name }) => ({ id, name: `${group}/${name}` }))
    : lists;
  const isOn = kind.startsWith("add");
  const take = ({ id, name }: Thing) =>
    onChange({ kind: ofTags ? "tag" : "list", id, name, on: isOn });
  const choose = (chosen: string) => {
    const thing = things.find(({ name }) => name === chosen);
    if (thing) take(thing);
  };
  const unknown = t(ofTags ? "customers.no_tag" : "customers.no_list");
  return (
    <>
      <Choice
        aria-label={t("customers.action")}
        value={kind}
        options={offered.map((each) => ({ value: each, label: t(`customers.actions.${each}`) }))}
        onChange={(next) => setKind(next as Kind)}
      />
      {kind.endsWith("staff") ? (
        <ToStaff
          onChoose={({ staff, label }) =>
            onChange({ kind: "staff", id: staff, name: label, on: kind === "add_staff" })
          }
        />
      ) : (
        <NameField
          key={kind}
          label={t(ofTags ? "person.tag_name" : "person.list_name")}
          action={t("customers.do_it")}
          names={things.map(({ name }) => name)}
          unknown={(name, clear) =>
            isOn && (!ofTags || GROUP_AND_NAME.test(name)) ? (
              <Make
                name={name}
                ofTags={ofTags}
                onMade={(thing) => {
                  clear();
                  take(thing);
                }}
              />
            ) : (
              unknown
            )
          }
          onChoose={choose}
        />
      )}
    </>
  );
}

interface Thing {
  id: number;
  name: string;
}

const GROUP_AND_NAME = /^([^/]+)\/(.+)$/;

async function makeTag(written: string): Promise<Thing> {
  const [, group = "", name = ""] = GROUP_AND_NAME.exec(written) ?? [];
  const { id } = await answerOf(
    api.POST("/tags", { body: { group: group.trim(), name: name.trim() } }),
  );
  return { id, name: `${group.trim()}/${name.trim()}` };
}

interface MakeProps {
  name: string;
  ofTags: boolean;
  onMade(thing: Thing): void;
}

// A tag or a list that there is not yet, made on the spot: nobody has to leave and choose again.
function Make({ name, ofTags, onMade }: MakeProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (): Promise<Thing> =>
      ofTags ? makeTag(name) : answerOf(api.POST("/lists", { body: { name } })),
    onSuccess: (thing) => {
      void askAgainAfter(client, ofTags ? "tags" : "lists");
      onMade(thing);
    },
  });
  const problemText = useProblemText();
  return (
    <>
      {make.isError ? problemText(make.error).happened : t("customers.none_yet", { name })}{" "}
      <Button size="small" loading={make.isPending} onClick={() => make.mutate()}>
        {t("customers.make_and_add")}
      </Button>
    </>
  );
}

function ToStaff({ onChoose }: { onChoose(one: StaffChoice): void }) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<StaffChoice | null>(null);
  return (
    <div className={styles.staff}>
      <StaffField chosen={chosen} onChoose={choose} above />
      <Button disabled={!chosen} onClick={() => chosen && onChoose(chosen)}>
        {t("customers.do_it")}
      </Button>
    </div>
  );
}
