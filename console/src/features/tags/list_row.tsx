// What is done with one static list where it stands: renamed, deleted, taken back. The version that
// was seen goes along: of two who change a list the second is told, and sees what it is now.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Dialog } from "@/components/dialog";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { useFigure } from "@/components/rule/asking";
import { formatCount } from "@/text/number";
import { spelled } from "@/text/token";
import { NameEditor } from "./name_editor";

type List = Schema["List"];

export const ruleOfList = ({ name }: Pick<List, "name">) => `audience ${spelled(name, true)}`;

// Asked again also when it was refused: somebody else has changed it meanwhile.
export function useListChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => askAgainAfter(client, "lists"),
  });
}

export function ListName({ list }: { list: List }) {
  const { t } = useTranslation();
  const mayWrite = useMay("lists.write");
  const [seen, setSeen] = useState(list.version);
  const rename = useListChange((name: string) =>
    answerOf(
      api.PATCH("/lists/{id}", {
        params: { path: { id: list.id } },
        body: { name, version: seen },
      }),
    ),
  );
  return (
    <NameEditor
      name={list.name}
      label={t("person.list_name")}
      onBegin={() => setSeen(list.version)}
      {...(mayWrite ? { rename } : {})}
    />
  );
}

export function DeleteList({ list }: { list: List }) {
  const { t } = useTranslation();
  const [seen, setSeen] = useState<List | null>(null);
  return (
    <>
      <Button
        size="small"
        aria-label={`${t("tags.delete_list")} ${list.name}`}
        onClick={() => setSeen(list)}
      >
        {t("tags.delete_list")}
      </Button>
      {seen && <DeleteDialog list={seen} onClose={() => setSeen(null)} />}
    </>
  );
}

function DeleteDialog({ list, onClose }: { list: List; onClose(): void }) {
  const { t } = useTranslation();
  const whole = useQuery({
    queryKey: ["lists", list.id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/lists/{id}", { params: { path: { id: list.id } }, signal })),
  });
  const remove = useListChange(() =>
    answerOf(
      api.DELETE("/lists/{id}", {
        params: { path: { id: list.id }, query: { version: list.version } },
      }),
    ),
  );
  const used = (whole.data?.used_by.length ?? 0) > 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("tags.delete_list")}
      actions={
        <>
          <Button onClick={onClose}>{t("dialog.cancel")}</Button>
          {!used && (
            <Button
              type="primary"
              danger
              disabled={!whole.data}
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: onClose })}
            >
              {t("tags.delete_list")}
            </Button>
          )}
        </>
      }
    >
      {remove.isError && <ProblemAlert error={remove.error} />}
      <Answered query={whole} rows={1}>
        {({ used_by }) =>
          used_by.length > 0 ? (
            <>
              <p>{t("tags.list_used", { name: list.name })}</p>
              <p>{used_by.join(t("value.separator"))}</p>
              <Link to="/audiences">{t("audience.to_audiences")}</Link>
            </>
          ) : (
            <p>
              {t("tags.delete_list_sentence", { name: list.name })} <PeopleOn list={list} />
            </p>
          )
        }
      </Answered>
    </Dialog>
  );
}

// The same figure as in the table.
function PeopleOn({ list }: { list: List }) {
  const mayAsk = useMay("audiences.read");
  return mayAsk ? <Counted list={list} /> : null;
}

function Counted({ list }: { list: List }) {
  const { t, i18n } = useTranslation();
  const people = useFigure(ruleOfList(list));
  if (!people.data) return null;
  return t("tags.list_people", { people: formatCount(people.data.count, i18n.language) });
}
