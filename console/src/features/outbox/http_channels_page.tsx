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
import { AddressText } from "./address_text";
import { SecretDialog, TestDialog } from "./channel_actions";
import { ChannelDialog } from "./channel_dialog";
import { Deliveries } from "./deliveries";
import styles from "./outbox.module.css";
import { useChannels } from "./where";

type Channel = Schema["HttpChannel"];
type Doing = "definition" | "secret" | "test";

// HTTP channels (HTTP 渠道): requests written once, by which SMS providers and robots are reached.
export default function HttpChannelsPage() {
  const { t } = useTranslation();
  const may = useMay("settings.write");
  const [open, setOpen] = useState<{ channel: Channel | null; doing: Doing } | null>(null);
  const [shown, setShown] = useState<Channel | null>(null);
  const channels = useChannels();
  const close = () => setOpen(null);
  return (
    <>
      <PageHead
        title={t("page.http_channels")}
        lead={t("settings.part.http_channels")}
        actions={
          may && (
            <Button type="primary" onClick={() => setOpen({ channel: null, doing: "definition" })}>
              {t("channels.add")}
            </Button>
          )
        }
      />
      <Panel>
        <Answered query={channels}>
          {(data) => (
            <Table
              channels={data.channels}
              onShow={setShown}
              onDo={(channel, doing) => setOpen({ channel, doing })}
            />
          )}
        </Answered>
      </Panel>
      {shown && <Deliveries cause={`http_channel/${shown.id}`} title={shown.definition.name} />}
      {open?.doing === "definition" && <ChannelDialog channel={open.channel} onClose={close} />}
      {open?.doing === "secret" && open.channel && (
        <SecretDialog channel={open.channel} onClose={close} />
      )}
      {open?.doing === "test" && open.channel && (
        <TestDialog channel={open.channel} onClose={close} onSent={() => setShown(open.channel)} />
      )}
    </>
  );
}

interface TableProps {
  channels: readonly Channel[];
  onShow(channel: Channel): void;
  onDo(channel: Channel, doing: Doing): void;
}

function Table({ channels, onShow, onDo }: TableProps) {
  const { t } = useTranslation();
  const may = useMay("settings.write");
  const gone = useChange("http-channels", (channel: Channel) =>
    answerOf(api.DELETE("/http-channels/{id}", { params: { path: { id: channel.id } } })),
  );
  const columns: Column<Channel>[] = [
    {
      key: "name",
      title: t("channels.name"),
      render: ({ definition: { name, request } }) => (
        <>
          <span className={styles.thing}>{name}</span>
          <div className={styles.address}>
            <AddressText url={request.url} />
          </div>
        </>
      ),
    },
    { key: "kind", title: t("channels.kind"), render: ({ definition }) => definition.kind },
    {
      key: "secrets",
      title: t("channels.secrets"),
      render: ({ secrets }) => (secrets.length === 0 ? "–" : secrets.join(t("webhooks.comma"))),
    },
    {
      key: "do",
      title: "",
      render: (channel) => (
        <div className={styles.actions}>
          <Button size="small" onClick={() => onShow(channel)}>
            {t("webhooks.deliveries")}
          </Button>
          {may && (
            <>
              {(["test", "secret", "definition"] as const).map((doing) => (
                <Button key={doing} size="small" onClick={() => onDo(channel, doing)}>
                  {t(`channels.do.${doing}`)}
                </Button>
              ))}
              <ConfirmButton
                label={t("webhooks.remove")}
                sentence={t("channels.remove_sure", { name: channel.definition.name })}
                onConfirm={() => gone.mutateAsync(channel)}
              />
            </>
          )}
        </div>
      ),
    },
  ];
  return (
    <DataTable
      label={t("page.http_channels")}
      columns={columns}
      rows={channels}
      keyOf={({ id }) => id}
      empty={t("channels.none")}
    />
  );
}
