import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "./answered";
import { ConfirmButton } from "./confirm_button";
import { type Column, DataTable } from "./data_table";
import { Moment } from "./moment";
import styles from "./session_list.module.css";

type OpenSession = Schema["OpenSession"];

interface Props {
  // null: whoever asks.
  user: Pick<Schema["User"], "id" | "name"> | null;
  mayEnd: boolean;
}

// Where somebody is signed in; each can be ended, and all at once but the one that asks.
export function SessionList({ user, mayEnd }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const again = () => askAgainAfter(client, "sessions");
  const query = user === null ? {} : { user: user.id };
  const sessions = useQuery({
    queryKey: ["sessions", user?.id ?? null],
    queryFn: ({ signal }) => answerOf(api.GET("/sessions", { params: { query }, signal })),
  });
  const endAll = useMutation({
    mutationFn: () => answerOf(api.DELETE("/sessions", { params: { query } })),
    onSuccess: again,
  });
  return (
    <Answered query={sessions} rows={3}>
      {(data) => {
        const others = data.sessions.filter(({ current }) => !current).length;
        const own = others < data.sessions.length;
        return (
          <>
            <DataTable<OpenSession>
              label={t("sessions.title")}
              rows={data.sessions}
              keyOf={({ id }) => id}
              empty={t("sessions.none")}
              columns={columnsOf(t, mayEnd)}
            />
            {mayEnd && others > (own ? 0 : 1) && (
              <div className={styles.foot}>
                <ConfirmButton
                  label={own ? t("sessions.end_others") : t("sessions.end_all")}
                  sentence={
                    own
                      ? t("sessions.end_others_text", { count: others })
                      : t("sessions.end_all_text", { name: user?.name, count: others })
                  }
                  onConfirm={() => endAll.mutateAsync()}
                />
              </div>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function columnsOf(t: TFunction, mayEnd: boolean) {
  const columns: Column<OpenSession>[] = [
    {
      key: "device",
      title: t("sessions.device"),
      render: ({ device, current }) => (
        <>
          {device || t("sessions.unknown_device")}
          {current && <span className={styles.here}>{t("sessions.here")}</span>}
        </>
      ),
    },
    { key: "address", title: t("sessions.address"), render: ({ address }) => address },
    {
      key: "started",
      title: t("sessions.started"),
      render: ({ started_at }) => <Moment value={started_at} />,
    },
    {
      key: "used",
      title: t("sessions.last_used"),
      render: ({ last_used_at }) => <Moment value={last_used_at} />,
    },
  ];
  if (mayEnd) {
    columns.push({
      key: "do",
      title: "",
      render: (session) => !session.current && <End session={session} />,
    });
  }
  return columns;
}

function End({ session: { id, device } }: { session: OpenSession }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => answerOf(api.DELETE("/sessions/{id}", { params: { path: { id } } })),
    onSuccess: () => askAgainAfter(client, "sessions"),
  });
  return (
    <ConfirmButton
      label={t("sessions.end")}
      sentence={t("sessions.end_text", { device: device || t("sessions.unknown_device") })}
      onConfirm={() => end.mutateAsync()}
    />
  );
}
