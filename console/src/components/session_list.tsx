import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import styles from "./sessions.module.css";

type OpenSession = Schema["OpenSession"];

// Where one is signed in; each can be ended, and all but this one at once.
export function Sessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ["sessions"] });
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => answerOf(api.GET("/sessions", { signal })),
  });
  const end = useMutation({
    mutationFn: (id: number) =>
      answerOf(api.DELETE("/sessions/{id}", { params: { path: { id } } })),
    onSuccess: again,
  });
  const endOthers = useMutation({
    mutationFn: () => answerOf(api.DELETE("/sessions")),
    onSuccess: again,
  });
  return (
    <Answered query={sessions}>
      {(data) => (
        <>
          <DataTable<OpenSession>
            label={t("me.sessions")}
            rows={data.sessions}
            keyOf={({ id }) => id}
            empty={t("person.none")}
            columns={[
              {
                key: "device",
                title: t("me.device"),
                render: ({ device, current }) => (
                  <>
                    {device}
                    {current && <span className={styles.here}>{t("me.here")}</span>}
                  </>
                ),
              },
              { key: "address", title: t("me.address"), render: ({ address }) => address },
              {
                key: "started",
                title: t("me.started"),
                render: ({ started_at }) => <Moment value={started_at} />,
              },
              {
                key: "used",
                title: t("keys.last_used"),
                render: ({ last_used_at }) => <Moment value={last_used_at} />,
              },
              {
                key: "do",
                title: "",
                render: ({ id, device, current }) =>
                  !current && (
                    <ConfirmButton
                      label={t("me.end")}
                      sentence={t("me.end_text", { device })}
                      onConfirm={() => end.mutateAsync(id)}
                    />
                  ),
              },
            ]}
          />
          {data.sessions.length > 1 && (
            <div className={styles.foot}>
              <ConfirmButton
                label={t("me.end_others")}
                sentence={t("me.end_others_text", { count: data.sessions.length - 1 })}
                onConfirm={() => endOthers.mutateAsync()}
              />
            </div>
          )}
        </>
      )}
    </Answered>
  );
}
