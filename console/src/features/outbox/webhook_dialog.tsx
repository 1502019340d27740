import { Form, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { EventsField } from "./events_field";

interface Values {
  name: string;
  url: string;
  events: string[];
  on: boolean;
}

interface Props {
  // null: a new one.
  webhook: Schema["WebhookState"] | null;
  onClose(): void;
  onSecret(secret: string): void;
}

const ABOUT = {
  "webhook.bad_name": "name",
  "webhook.name_taken": "name",
  "webhook.bad_url": "url",
  "webhook.bad_events": "events",
};

export function WebhookDialog({ webhook, onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const save = useChange("webhooks", async ({ name, url, events, on }: Values) => {
    const body = { name: name.trim(), url: url.trim(), events };
    if (webhook === null) {
      onSecret((await answerOf(api.POST("/webhooks", { body }))).signing_key);
      return;
    }
    const state = on ? ("on" as const) : ("off" as const);
    await answerOf(
      api.PATCH("/webhooks/{id}", {
        params: { path: { id: webhook.id } },
        body: { ...body, state, version: webhook.version },
      }),
    );
  });
  return (
    <EntryDialog<Values>
      title={webhook === null ? t("webhooks.add") : t("webhooks.edit", { name: webhook.name })}
      save={save}
      onClose={onClose}
      initial={webhook === null ? { events: [] } : { ...webhook, on: webhook.state === "on" }}
      about={ABOUT}
    >
      <RequiredText name="name" label={t("webhooks.name")} max={100} />
      <RequiredText name="url" label={t("webhooks.url")} max={2000} hint={t("webhooks.url_hint")} />
      <Form.Item name="events" label={t("webhooks.events")}>
        <EventsField />
      </Form.Item>
      {webhook !== null && (
        <Form.Item
          name="on"
          label={t("webhooks.on")}
          valuePropName="checked"
          extra={t("webhooks.on_hint")}
        >
          <Switch />
        </Form.Item>
      )}
    </EntryDialog>
  );
}
