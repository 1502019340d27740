import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { useProblemText } from "@/components/problem_text";
import { settingAddress } from "@/text/address";
import { formatBytes, formatCount } from "@/text/number";
import { type Backup, useBackups, useMakeBackup, useSettings } from "./asking";
import { Facts } from "./facts";
import styles from "./system.module.css";

// Backups (备份): when they are made, what came of each, one more now.
export default function BackupsPage() {
  const { t } = useTranslation();
  const backups = useBackups();
  const make = useMakeBackup();
  const may = useMay("settings.write");
  const elsewhere = backups.isError && problemOf(backups.error).code === "backup.pg_dump";
  const running = backups.data?.backups.some(({ state }) => state === "running") ?? false;
  return (
    <>
      <PageHead
        title={t("page.backups")}
        lead={t("settings.part.backups")}
        actions={
          may &&
          backups.data && (
            <Button
              type="primary"
              loading={make.isPending}
              disabled={running}
              onClick={() => make.mutate()}
            >
              {t("backup.make")}
            </Button>
          )
        }
      />
      {make.isError && <ProblemAlert error={make.error} className={styles.alert} />}
      {elsewhere ? (
        <ByPostgresql error={backups.error} />
      ) : (
        <>
          <Schedule backups={backups.data?.backups} />
          <Panel title={t("backup.list")}>
            <Answered query={backups}>{(data) => <List backups={data.backups} />}</Answered>
          </Panel>
        </>
      )}
    </>
  );
}

function ByPostgresql({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { happened } = useProblemText()(error);
  return (
    <Panel>
      <EmptyState title={t("backup.elsewhere")} text={happened} />
    </Panel>
  );
}

const SCHEDULE = ["backup_folder", "backup_hour", "backup_keep_days", "backup_keep_weeks"] as const;

// "3" of the hour is 03:00.
const shown = (name: (typeof SCHEDULE)[number], value: string | undefined) =>
  name === "backup_hour" && value ? `${value.padStart(2, "0")}:00` : value;

// What the settings say, and the newest that can be gone back to.
function Schedule({ backups }: { backups: readonly Backup[] | undefined }) {
  const { t, i18n } = useTranslation();
  const good = backups?.find(({ state }) => state === "good");
  // Not known yet is not none.
  const none = backups === undefined ? "–" : t("system.none_yet");
  const settings = useSettings();
  return (
    <Panel title={t("backup.schedule")} testId="schedule">
      <Answered query={settings} rows={4}>
        {(data) => {
          const setTo = (name: string) => data.settings.find((each) => each.name === name)?.value;
          return (
            <>
              {!setTo("backup_folder") && (
                <Alert
                  type="warning"
                  showIcon
                  className={styles.alert ?? ""}
                  title={t("backup.off")}
                  description={t("backup.off_todo")}
                />
              )}
              <Facts
                facts={[
                  {
                    label: t("system.last_good"),
                    value: good ? <Moment value={good.started_at} /> : none,
                    ...(good?.events
                      ? {
                          more: t("backup.holds", {
                            events: formatCount(good.events, i18n.language),
                          }),
                        }
                      : {}),
                  },
                  ...SCHEDULE.map((name) => ({
                    label: t(`setting.${name}.label`),
                    value: (
                      <Link to={settingAddress(name)}>
                        {shown(name, setTo(name)) || t("backup.not_set")}
                      </Link>
                    ),
                  })),
                ]}
              />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

function List({ backups }: { backups: readonly Backup[] }) {
  const { t, i18n } = useTranslation();
  const columns: Column<Backup>[] = [
    {
      key: "at",
      title: t("backup.begun"),
      render: ({ started_at }) => <Moment value={started_at} exact brief />,
    },
    {
      key: "state",
      title: t("backup.state"),
      render: ({ state, problem }) => (
        <>
          <span className={styles.state} data-state={state}>
            {t(`backup.states.${state}`)}
          </span>
          {problem && <span className={styles.problem}>{problem.detail}</span>}
        </>
      ),
    },
    {
      key: "asked",
      title: t("backup.why"),
      render: ({ asked }) => t(asked ? "backup.asked" : "backup.due"),
    },
    { key: "file", title: t("backup.file"), render: ({ file }) => file },
    {
      key: "bytes",
      title: t("backup.size"),
      figures: true,
      render: ({ bytes }) => (bytes === null ? "–" : formatBytes(bytes, i18n.language)),
    },
    {
      key: "events",
      title: t("backup.events"),
      figures: true,
      render: ({ events }) => (events === null ? "–" : formatCount(events, i18n.language)),
    },
  ];
  return (
    <DataTable
      label={t("backup.list")}
      columns={columns}
      rows={backups}
      keyOf={({ id }) => id}
      empty={t("backup.none")}
    />
  );
}
