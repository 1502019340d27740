import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Answered } from "@/components/answered";
import { type Column, DataTable } from "@/components/data_table";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { type Intent, useIntents } from "./asking";
import { Decide } from "./decide";
import styles from "./outbox.module.css";
import { Reason } from "./reason";

// What a cause wanted done, and what came of it; dead letters go once more, or never.
export function Deliveries({ cause, title }: { cause: string; title: string }) {
  const { t } = useTranslation();
  const intents = useIntents(cause);
  const may = useMay("outbox.write");
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.scrollIntoView?.({ block: "nearest" }), [cause]);
  const columns: Column<Intent>[] = [
    {
      key: "made",
      title: t("outbox.made"),
      render: ({ created_at }) => <Moment value={created_at} exact />,
    },
    {
      key: "state",
      title: t("outbox.state"),
      render: ({ state }) => (
        <span className={styles.state} data-state={state}>
          {t(`outbox.is.${state}`)}
        </span>
      ),
    },
    { key: "tries", title: t("outbox.tries"), figures: true, render: ({ tries }) => tries },
    {
      key: "reason",
      title: t("outbox.reason"),
      render: ({ problem, state }) => <Reason problem={state === "done" ? null : problem} />,
    },
    {
      key: "do",
      title: "",
      render: (intent) => may && intent.state === "dead" && <Decide intent={intent} />,
    },
  ];
  return (
    <div ref={place}>
      <Panel title={t("outbox.deliveries", { name: title })} testId="deliveries">
        <Answered query={intents}>
          {(data) => (
            <DataTable
              label={t("outbox.deliveries", { name: title })}
              columns={columns}
              rows={data.intents}
              keyOf={({ id }) => id}
              empty={t("outbox.no_delivery")}
            />
          )}
        </Answered>
      </Panel>
    </div>
  );
}
