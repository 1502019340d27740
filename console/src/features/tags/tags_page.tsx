import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { spelled } from "@/text/token";
import { Lists } from "./lists";
import { NameEditor } from "./name_editor";
import { Figure } from "./people_figure";
import styles from "./tags_page.module.css";

type Tag = Schema["Tag"];

const ruleOf = ({ group, name }: Tag) => `tag ${spelled(`${group}/${name}`, true)}`;

export function TagsPage() {
  const { t } = useTranslation();
  const mayWrite = useMay("tags.write");
  const tags = useQuery({
    queryKey: ["tags"],
    queryFn: ({ signal }) => answerOf(api.GET("/tags", { signal })),
  });
  return (
    <>
      <PageHead title={t("page.tags")} lead={t("tags.lead")} />
      <div className={styles.answer}>
        <Answered query={tags}>
          {({ groups }) => (
            <>
              {mayWrite && (
                <Panel title={t("tags.new")}>
                  <NewTag groups={groups.map(({ name }) => name)} />
                </Panel>
              )}
              {groups.length === 0 && (
                <Panel>
                  <EmptyState title={t("tags.empty_title")} text={t("tags.empty_text")} />
                </Panel>
              )}
              {groups.map((group) => (
                <Panel key={group.id} title={group.name}>
                  <TagTable group={group} />
                </Panel>
              ))}
            </>
          )}
        </Answered>
      </div>
      <Lists />
    </>
  );
}

function useTagChange<Asked>(change: (asked: Asked) => Promise<Tag>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["tags"] });
      await client.invalidateQueries({ queryKey: ["names"] });
    },
  });
}

function NewTag({ groups }: { groups: readonly string[] }) {
  const { t } = useTranslation();
  const list = useId();
  const [group, setGroup] = useState("");
  const [name, setName] = useState("");
  const make = useTagChange((body: Schema["NewTag"]) => answerOf(api.POST("/tags", { body })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { group: group.trim(), name: name.trim() };
    if (body.group !== "" && body.name !== "") {
      make.mutate(body, { onSuccess: () => setName("") });
    }
  };
  return (
    <>
      <form className={styles.new} onSubmit={submit}>
        <Input
          list={list}
          autoComplete="off"
          aria-label={t("tags.group")}
          placeholder={t("tags.group")}
          value={group}
          onChange={(event) => setGroup(event.target.value)}
        />
        <datalist id={list}>
          {groups.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <Input
          autoComplete="off"
          aria-label={t("tags.name")}
          placeholder={t("tags.name")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          type="primary"
          htmlType="submit"
          disabled={group.trim() === "" || name.trim() === ""}
          loading={make.isPending}
        >
          {t("tags.make")}
        </Button>
      </form>
      {make.isError && <ProblemAlert error={make.error} />}
    </>
  );
}

function TagTable({ group }: { group: Schema["TagGroup"] }) {
  const { t } = useTranslation();
  const mayAsk = useMay("audiences.read");
  const columns: Column<Tag>[] = [
    { key: "name", title: t("tags.name"), render: (tag) => <TagName tag={tag} /> },
  ];
  if (mayAsk) {
    columns.push({
      key: "people",
      title: t("tags.people"),
      figures: true,
      render: (tag) => <Figure rule={ruleOf(tag)} />,
    });
  }
  return (
    <DataTable
      label={group.name}
      columns={columns}
      rows={group.tags}
      keyOf={({ id }) => id}
      empty={t("tags.none")}
    />
  );
}

// Rules go on meaning a renamed tag.
function TagName({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const mayWrite = useMay("tags.write");
  const rename = useTagChange((next: string) =>
    answerOf(api.PATCH("/tags/{id}", { params: { path: { id: tag.id } }, body: { name: next } })),
  );
  return <NameEditor name={tag.name} label={t("tags.name")} {...(mayWrite ? { rename } : {})} />;
}
