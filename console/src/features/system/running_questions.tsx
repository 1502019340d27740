import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Progress } from "antd";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { RuleSentence } from "@/components/rule/rule_sentence";
import { formatSpan } from "@/text/number";
import styles from "./system.module.css";

type Question = Schema["Question"];

const EVERY_MS = 3000;

// What is being asked of the memory right now, by whom and how far it is; it can be stopped.
export function RunningQuestions() {
  const { t } = useTranslation();
  const questions = useQuery({
    queryKey: ["questions"],
    staleTime: 0,
    refetchInterval: EVERY_MS,
    queryFn: ({ signal }) => answerOf(api.GET("/questions", { signal })),
  });
  return (
    <Panel title={t("system.asked.title")} lead={t("system.asked.lead")} testId="questions">
      <Answered query={questions} rows={2}>
        {({ questions: asked }) => <Questions asked={asked} />}
      </Answered>
    </Panel>
  );
}

function Questions({ asked }: { asked: readonly Question[] }) {
  const { t, i18n } = useTranslation();
  const stops = useMay("questions.stop");
  const columns: Column<Question>[] = [
    {
      key: "what",
      title: t("system.asked.what"),
      render: ({ kind, rule }) => (
        <>
          {t(`system.asked.kind.${kind}`)} {rule !== null && <RuleSentence rule={rule} />}
        </>
      ),
    },
    {
      key: "who",
      title: t("system.asked.who"),
      render: ({ who }) => who || t("system.asked.command_line"),
    },
    {
      key: "since",
      title: t("system.asked.since"),
      render: ({ since }) => <Moment value={since} />,
    },
    {
      key: "progress",
      title: t("system.asked.progress"),
      render: ({ state, progress, milliseconds_left: left }) =>
        state === "waiting" ? (
          t("system.asked.waiting")
        ) : (
          <div className={styles.progress}>
            <Progress
              percent={Math.floor(progress * 100)}
              size="small"
              aria-label={t("system.asked.progress")}
            />
            {left !== null &&
              t("system.asked.left", { span: formatSpan(Math.ceil(left / 1000), i18n.language) })}
          </div>
        ),
    },
    {
      key: "stop",
      title: "",
      render: (question) => (question.own || stops) && <Stop question={question} />,
    },
  ];
  return (
    <DataTable
      label={t("system.asked.title")}
      columns={columns}
      rows={asked}
      keyOf={({ id }) => id}
      empty={t("system.asked.none")}
    />
  );
}

function Stop({ question: { id, who } }: { question: Question }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => answerOf(api.DELETE("/questions/{id}", { params: { path: { id } } })),
    onSettled: () => askAgainAfter(client, "questions"),
  });
  return (
    <ConfirmButton
      label={t("system.asked.stop")}
      sentence={t("system.asked.stop_sentence", { who: who || t("system.asked.command_line") })}
      onConfirm={() => stop.mutateAsync()}
    />
  );
}
