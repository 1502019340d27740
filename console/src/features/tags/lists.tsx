import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { DeletedLists } from "./deleted_lists";
import { DeleteList, ListName, ruleOfList, useListChange } from "./list_row";
import { Figure } from "./people_figure";
import styles from "./tags_page.module.css";

type List = Schema["List"];

// Static lists: customers put together by hand.
export function Lists() {
  const { t } = useTranslation();
  const mayMake = useMay("tags.write");
  const mayWrite = useMay("lists.write");
  const mayAsk = useMay("audiences.read");
  const lists = useQuery({
    queryKey: ["lists"],
    queryFn: ({ signal }) => answerOf(api.GET("/lists", { signal })),
  });
  const columns: Column<List>[] = [
    { key: "name", title: t("person.list_name"), render: (list) => <ListName list={list} /> },
  ];
  if (mayAsk) {
    columns.push({
      key: "people",
      title: t("tags.people"),
      figures: true,
      render: (list) => <Figure rule={ruleOfList(list)} />,
    });
  }
  if (mayWrite) {
    columns.push({ key: "do", title: "", render: (list) => <DeleteList list={list} /> });
  }
  return (
    <Panel title={t("person.lists")} lead={t("tags.lists_lead")} testId="lists">
      {mayMake && <NewList />}
      <Answered query={lists} rows={2}>
        {(data) => (
          <>
            <DataTable
              label={t("person.lists")}
              columns={columns}
              rows={data.lists}
              keyOf={({ id }) => id}
              empty={t("tags.no_lists")}
            />
            <DeletedLists count={data.deleted} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

function NewList() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const make = useListChange((body: Schema["NewList"]) => answerOf(api.POST("/lists", { body })));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") make.mutate({ name: name.trim() }, { onSuccess: () => setName("") });
  };
  return (
    <>
      <form className={styles.new_list} onSubmit={submit}>
        <Input
          autoComplete="off"
          aria-label={t("tags.new_list")}
          placeholder={t("tags.new_list")}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button htmlType="submit" disabled={name.trim() === ""} loading={make.isPending}>
          {t("tags.make_list")}
        </Button>
      </form>
      {make.isError && <ProblemAlert error={make.error} />}
    </>
  );
}
