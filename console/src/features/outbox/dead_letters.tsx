import { useTranslation } from "react-i18next";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { type Intent, useDeadLetters } from "./asking";
import { Decide } from "./decide";
import styles from "./outbox.module.css";
import { Reason } from "./reason";
import { useWhere } from "./where";

// What ended undone: where it was to go, why it did not, and what a person decides.
export function DeadLetters() {
  const { t } = useTranslation();
  const where = useWhere();
  const letters = useDeadLetters();
  const may = useMay("outbox.write");
  const columns: Column<Intent>[] = [
    {
      key: "where",
      title: t("outbox.to"),
      render: ({ lane, effect_id }) => (
        <>
          {where(lane)}
          <div className={styles.address}>
            {t("outbox.effect")} {effect_id}
          </div>
        </>
      ),
    },
    {
      key: "why",
      title: t("outbox.reason"),
      render: ({ problem }) => <Reason problem={problem} />,
    },
    { key: "tries", title: t("outbox.tries"), figures: true, render: ({ tries }) => tries },
    {
      key: "since",
      title: t("outbox.made"),
      render: ({ created_at }) => <Moment value={created_at} />,
    },
    { key: "do", title: "", render: (intent) => may && <Decide intent={intent} /> },
  ];
  return (
    <Panel title={t("outbox.dead")} lead={t("outbox.dead_lead")} testId="dead">
      <Answered query={letters}>
        {({ pages }) => (
          <>
            <DataTable
              label={t("outbox.dead")}
              columns={columns}
              rows={pages.flatMap((page) => page.intents)}
              keyOf={({ id }) => id}
              empty={t("outbox.no_dead")}
            />
            <MoreRows pages={letters} />
          </>
        )}
      </Answered>
    </Panel>
  );
}
