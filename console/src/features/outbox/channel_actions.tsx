import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { valuesOf } from "./template";

interface Props {
  channel: Schema["HttpChannel"];
  onClose(): void;
}

type Texts = Record<string, string | undefined>;

// Put, or taken away by an empty text; never shown again.
export function SecretDialog({ channel, onClose }: Props) {
  const { t } = useTranslation();
  const save = useChange("http-channels", ({ name, text = "" }: { name: string; text?: string }) =>
    answerOf(
      api.POST("/http-channels/{id}/secrets", {
        params: { path: { id: channel.id } },
        body: { name: name.trim(), text },
      }),
    ),
  );
  return (
    <EntryDialog<{ name: string; text?: string }>
      title={t("channels.secret_for", { name: channel.definition.name })}
      save={save}
      onClose={onClose}
      initial={{}}
      about={{ "channel.bad_secret": "name" }}
    >
      <RequiredText
        name="name"
        label={t("channels.secret_name")}
        max={40}
        hint={t("channels.secret_name_hint")}
      />
      <Form.Item name="text" label={t("channels.secret")} extra={t("channels.secret_hint")}>
        <Input.Password maxLength={1024} autoComplete="off" />
      </Form.Item>
    </EntryDialog>
  );
}

// Really sent once, with a value for each place of the template.
export function TestDialog({ channel, onClose, onSent }: Props & { onSent(): void }) {
  const { t } = useTranslation();
  const names = valuesOf(channel.definition);
  const send = useChange("http-channels", async (texts: Texts) => {
    const values = Object.fromEntries(names.map((name) => [name, texts[name] ?? ""]));
    await answerOf(
      api.POST("/http-channels/{id}/test", {
        params: { path: { id: channel.id } },
        body: { values },
      }),
    );
    onSent();
  });
  return (
    <EntryDialog<Texts>
      title={t("channels.test_for", { name: channel.definition.name })}
      action={t("channels.send_test")}
      save={send}
      onClose={onClose}
      initial={{}}
    >
      <p>{t("channels.test_lead")}</p>
      {names.map((name) => (
        <Form.Item key={name} name={[name]} label={name}>
          <Input maxLength={2000} autoComplete="off" />
        </Form.Item>
      ))}
    </EntryDialog>
  );
}
