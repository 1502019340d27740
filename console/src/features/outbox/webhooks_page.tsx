import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { type Column, DataTable } from "@/components/data_table";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { ShownOnce } from "@/components/shown_once";
import { useLabels } from "@/components/use_labels";
import { formatCount } from "@/text/number";
import { AddressText } from "./address_text";
import { Deliveries } from "./deliveries";
import styles from "./outbox.module.css";
import { WebhookDialog } from "./webhook_dialog";
import { useWebhooks } from "./where";

type Webhook = Schema["WebhookState"];

const pathOf = ({ id }: Webhook) => ({ params: { path: { id } } });
const remove = (webhook: Webhook) => answerOf(api.DELETE("/webhooks/{id}", pathOf(webhook)));
const test = (webhook: Webhook) => answerOf(api.POST("/webhooks/{id}/test", pathOf(webhook)));
const renew = (webhook: Webhook) => answerOf(api.POST("/webhooks/{id}/key", pathOf(webhook)));

// Webhooks (推送): which events are told to which program of one's own.
export default function WebhooksPage() {
  const { t } = useTranslation();
  const may = useMay("settings.write");
  const [open, setOpen] = useState<Webhook | "new" | null>(null);
  const [shown, setShown] = useState<Webhook | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const webhooks = useWebhooks();
  return (
    <>
      <PageHead
        title={t("page.webhooks")}
        lead={t("settings.part.webhooks")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen("new")}>
              {t("webhooks.add")}
            </Button>
          )
        }
      />
      <Panel>
        <Answered query={webhooks}>
          {(data) => (
            <Table
              webhooks={data.webhooks}
              onEdit={setOpen}
              onShow={setShown}
              onSecret={setSecret}
            />
          )}
        </Answered>
      </Panel>
      {shown !== null && <Deliveries cause={shown.cause} title={shown.name} />}
      {open !== null && (
        <WebhookDialog
          webhook={open === "new" ? null : open}
          onClose={() => setOpen(null)}
          onSecret={setSecret}
        />
      )}
      <ShownOnce
        title={t("webhooks.key")}
        sentence={t("webhooks.key_once")}
        secret={secret}
        onClose={() => setSecret(null)}
      />
    </>
  );
}

interface TableProps {
  webhooks: readonly Webhook[];
  onEdit(webhook: Webhook): void;
  onShow(webhook: Webhook): void;
  onSecret(secret: string): void;
}

function Table({ webhooks, onEdit, onShow, onSecret }: TableProps) {
  const { t } = useTranslation();
  const may = useMay("settings.write");
  const gone = useChange("webhooks", remove);
  const tested = useChange("webhooks", test);
  const renewed = useChange("webhooks", renew);
  const columns: Column<Webhook>[] = [
    {
      key: "name",
      title: t("webhooks.name"),
      render: ({ name, url }) => (
        <>
          <span className={styles.thing}>{name}</span>
          <div className={styles.address}>
            <AddressText url={url} />
          </div>
        </>
      ),
    },
    { key: "events", title: t("webhooks.events"), render: ({ events }) => <Events of={events} /> },
    { key: "state", title: t("users.state"), render: ({ state }) => t(`webhooks.is.${state}`) },
    { key: "behind", title: t("webhooks.behind"), render: (webhook) => <Behind of={webhook} /> },
    {
      key: "do",
      title: "",
      render: (webhook) => (
        <div className={styles.actions}>
          <Button size="small" onClick={() => onShow(webhook)}>
            {t("webhooks.deliveries")}
          </Button>
          {may && (
            <>
              <Button
                size="small"
                loading={tested.isPending && tested.variables.id === webhook.id}
                onClick={() => tested.mutate(webhook, { onSuccess: () => onShow(webhook) })}
              >
                {t("webhooks.test")}
              </Button>
              <Button size="small" onClick={() => onEdit(webhook)}>
                {t("users.edit")}
              </Button>
              <ConfirmButton
                label={t("webhooks.renew")}
                sentence={t("webhooks.renew_sure")}
                onConfirm={async () => onSecret((await renewed.mutateAsync(webhook)).signing_key)}
              />
              <ConfirmButton
                label={t("webhooks.remove")}
                sentence={t("webhooks.remove_sure", { name: webhook.name })}
                onConfirm={() => gone.mutateAsync(webhook)}
              />
            </>
          )}
        </div>
      ),
    },
  ];
  return (
    <>
      {tested.isError && <ProblemAlert error={tested.error} />}
      <DataTable
        label={t("page.webhooks")}
        columns={columns}
        rows={webhooks}
        keyOf={({ id }) => id}
        empty={t("webhooks.none")}
      />
    </>
  );
}

const EVENTS_SHOWN = 3;

function Events({ of: events }: { of: readonly string[] }) {
  const { t } = useTranslation();
  const labels = useLabels();
  if (events.length === 0) return t("webhooks.all_events");
  const names = events.slice(0, EVENTS_SHOWN).map(labels.event).join(t("webhooks.comma"));
  return events.length > EVENTS_SHOWN
    ? t("webhooks.and_others", { names, total: events.length })
    : names;
}

// What it has not been told yet.
function Behind({ of: { rows_behind, standing, state } }: { of: Webhook }) {
  const { t, i18n } = useTranslation();
  const count = (value: number) => formatCount(value, i18n.language);
  const parts = [
    ...(rows_behind > 0 ? [t("webhooks.unread", { rows: count(rows_behind) })] : []),
    ...(standing > 0 ? [t("webhooks.standing", { standing: count(standing) })] : []),
  ];
  if (parts.length > 0) return parts.join(t("webhooks.comma"));
  return state === "on" ? t("webhooks.up_to_date") : "–";
}
