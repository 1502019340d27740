import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { ActorName } from "@/components/actor_name";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { pause, resume, usePauses } from "./asking";
import styles from "./outbox.module.css";

const MARKETING = "marketing";

interface Thing {
  what: string;
  name: string;
}

// The kill switch for all marketing, and every account's own.
export function Pauses() {
  const { t } = useTranslation();
  const pauses = usePauses();
  const may = useMay("outbox.write");
  const mayAccounts = useMay("accounts.read");
  const accounts = useQuery({
    queryKey: ["accounts"],
    enabled: mayAccounts,
    queryFn: ({ signal }) => answerOf(api.GET("/accounts", { signal })),
  });
  const again = useChange("outbox", resume);
  const stop = useChange("outbox", pause);
  const things: Thing[] = [
    { what: MARKETING, name: t("outbox.all_marketing") },
    ...(accounts.data?.accounts ?? []).map(({ id, name }) => ({ what: `account/${id}`, name })),
  ];
  const offer = ({ what, name }: Thing) => (
    <ConfirmButton
      label={t(what === MARKETING ? "outbox.stop_marketing" : "outbox.pause")}
      sentence={
        what === MARKETING ? t("outbox.stop_marketing_sure") : t("outbox.pause_sure", { name })
      }
      onConfirm={() => stop.mutateAsync(what)}
    />
  );
  return (
    <Panel title={t("outbox.pauses")} lead={t("outbox.pauses_lead")} testId="pauses">
      {again.isError && <ProblemAlert error={again.error} />}
      <Answered query={pauses} rows={2}>
        {(data) => {
          const pauseOf = (what: string) => data.pauses.find((each) => each.what === what);
          return (
            <>
              {pauseOf(MARKETING) && (
                <Alert
                  type="warning"
                  showIcon
                  className={styles.stopped ?? ""}
                  title={t("outbox.marketing_stopped")}
                  description={t("outbox.marketing_stopped_todo")}
                />
              )}
              <DataTable
                label={t("outbox.pauses")}
                rows={things}
                keyOf={({ what }) => what}
                empty=""
                columns={[
                  { key: "name", title: t("outbox.thing"), render: ({ name }) => name },
                  {
                    key: "state",
                    title: t("outbox.state"),
                    render: ({ what }) => <State pause={pauseOf(what)} />,
                  },
                  {
                    key: "do",
                    title: "",
                    render: (thing) =>
                      may && (
                        <div className={styles.actions}>
                          {pauseOf(thing.what) ? (
                            <Button
                              size="small"
                              loading={again.isPending && again.variables === thing.what}
                              onClick={() => again.mutate(thing.what)}
                            >
                              {t("outbox.resume")}
                            </Button>
                          ) : (
                            offer(thing)
                          )}
                        </div>
                      ),
                  },
                ]}
              />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

function State({ pause: paused }: { pause: Schema["Pause"] | undefined }) {
  const { t } = useTranslation();
  if (!paused) return t("outbox.goes_out");
  return (
    <>
      <span className={styles.paused}>{t("outbox.is_paused")}</span>
      <div className={styles.quiet}>
        <ActorName actor={paused.by_whom} /> · <Moment value={paused.since} />
      </div>
    </>
  );
}
