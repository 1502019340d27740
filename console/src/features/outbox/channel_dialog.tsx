import { useQuery } from "@tanstack/react-query";
import { Checkbox, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Choice } from "@/components/choice";
import { EntryDialog, RequiredText } from "@/components/entry_dialog";
import { useMay } from "@/components/permissions";
import styles from "./outbox.module.css";
import { headersIn, headersText, objectIn } from "./template";

type Channel = Schema["HttpChannel"];
type Definition = Schema["HttpDefinition"];
type Request = Definition["request"];

type Further = Required<Pick<Definition, "meaning" | "look_up">> &
  Required<Pick<Request, "signature">>;
const FURTHER: readonly string[] = ["signature", "meaning", "look_up"] satisfies (keyof Further)[];

interface Values {
  name: string;
  kind: string;
  account: string;
  method: NonNullable<Request["method"]>;
  url: string;
  headers: string;
  body_kind: NonNullable<Request["body_kind"]>;
  body: string;
  does_once: boolean;
  further: string;
}

const METHODS = ["POST", "GET", "PUT", "PATCH", "DELETE"] as const;
const BODIES = ["json", "form", "text", "none"] as const;
const NO_ACCOUNT = "0";
const EXAMPLE_URL = "https://sms.example.com/send";
const valueNamed = (name: string) => `\${${name}}`;
const EXAMPLE_BODY = JSON.stringify(
  { to: valueNamed("phone"), text: valueNamed("text"), id: valueNamed("effect_id") },
  null,
  2,
);
const ABOUT = {
  "channel.bad_name": "name",
  "channel.lane_taken": "name",
  "channel.bad_kind": "kind",
  "channel.bad_request": "url",
  "channel.bad_meaning": "further",
  "channel.bad_look_up": "further",
};

const NEW: Partial<Values> = {
  account: NO_ACCOUNT,
  method: "POST",
  headers: "",
  body_kind: "json",
  body: EXAMPLE_BODY,
  does_once: false,
  further: "",
};

function valuesOf({ definition }: Channel): Values {
  const { name, kind, account = 0, request, meaning, look_up, does_once = false } = definition;
  const { signature } = request;
  const further = {
    ...(signature ? { signature } : {}),
    ...(meaning ? { meaning } : {}),
    ...(look_up ? { look_up } : {}),
  };
  return {
    name,
    kind,
    account: String(account),
    method: request.method ?? "POST",
    url: request.url,
    headers: headersText(request.headers),
    body_kind: request.body_kind ?? "json",
    body: request.body ?? "",
    does_once,
    further: Object.keys(further).length === 0 ? "" : JSON.stringify(further, null, 2),
  };
}

// The last field is kept apart from the others: of it `signature` belongs to the request.
function definitionOf(values: Values): Definition {
  const { name, kind, account, method, url, headers, body_kind, body, does_once } = values;
  const { signature, ...further } = objectIn(values.further ?? "") as Partial<Further>;
  return {
    ...further,
    name: name.trim(),
    kind: kind.trim(),
    account: Number(account),
    request: {
      method,
      url: url.trim(),
      headers: headersIn(headers ?? "") ?? [],
      body_kind,
      body: body_kind === "none" ? "" : (body ?? ""),
      ...(signature ? { signature } : {}),
    },
    does_once,
  };
}

interface Props {
  // null: a new one.
  channel: Channel | null;
  onClose(): void;
}

// A request written once: what is sent, and in the last field what answers mean.
export function ChannelDialog({ channel, onClose }: Props) {
  const { t } = useTranslation();
  const save = useChange("http-channels", (values: Values) => {
    // What stays is not asked for.
    const kept = channel === null ? {} : valuesOf(channel);
    const definition = definitionOf({ ...kept, ...values });
    return channel === null
      ? answerOf(api.POST("/http-channels", { body: definition }))
      : answerOf(
          api.PATCH("/http-channels/{id}", {
            params: { path: { id: channel.id } },
            body: { version: channel.version, definition },
          }),
        );
  });
  return (
    <EntryDialog<Values>
      wide
      title={
        channel === null ? t("channels.add") : t("channels.edit", { name: channel.definition.name })
      }
      save={save}
      onClose={onClose}
      initial={channel === null ? NEW : valuesOf(channel)}
      about={ABOUT}
    >
      <RequiredText name="name" label={t("channels.name")} max={100} />
      {channel === null && <Lane />}
      <RequestFields />
      <Form.Item name="does_once" valuePropName="checked" extra={t("channels.does_once_hint")}>
        <Checkbox>{t("channels.does_once")}</Checkbox>
      </Form.Item>
      <FurtherField />
    </EntryDialog>
  );
}

// Its kind and account never change: what is queued waits in their lane.
function Lane() {
  const { t } = useTranslation();
  const accounts = useQuery({
    queryKey: ["accounts"],
    enabled: useMay("accounts.read"),
    queryFn: ({ signal }) => answerOf(api.GET("/accounts", { signal })),
  });
  const options = (accounts.data?.accounts ?? []).map(({ id, name }) => ({
    value: String(id),
    label: name,
  }));
  return (
    <>
      <RequiredText
        name="kind"
        label={t("channels.kind")}
        max={60}
        hint={t("channels.kind_hint")}
      />
      <Form.Item name="account" label={t("channels.account")} extra={t("channels.account_hint")}>
        <Choice options={[{ value: NO_ACCOUNT, label: t("channels.no_account") }, ...options]} />
      </Form.Item>
    </>
  );
}

function RequestFields() {
  const { t } = useTranslation();
  const headers = {
    validator: async (_: unknown, text: string | undefined) => {
      if (headersIn(text ?? "") === null) throw new Error(t("channels.no_header"));
    },
  };
  return (
    <>
      <div className={styles.pair}>
        <Form.Item name="method" label={t("channels.method")}>
          <Choice options={METHODS.map((method) => ({ value: method, label: method }))} />
        </Form.Item>
        <Form.Item
          name="url"
          label={t("channels.url")}
          rules={[{ required: true, whitespace: true, message: t("stores.missing") }]}
        >
          <Input
            maxLength={16_000}
            autoComplete="off"
            spellCheck={false}
            placeholder={EXAMPLE_URL}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="headers"
        label={t("channels.headers")}
        extra={t("channels.headers_hint")}
        rules={[headers]}
      >
        <Input.TextArea
          rows={2}
          spellCheck={false}
          className={styles.editor ?? ""}
          placeholder={`Authorization: Bearer ${valueNamed("secret.token")}`}
        />
      </Form.Item>
      <Form.Item name="body_kind" label={t("channels.body_kind")}>
        <Choice
          options={BODIES.map((kind) => ({ value: kind, label: t(`channels.bodies.${kind}`) }))}
        />
      </Form.Item>
      <Form.Item noStyle shouldUpdate>
        {({ getFieldValue }) =>
          getFieldValue("body_kind") !== "none" && (
            <Form.Item name="body" label={t("channels.body")} extra={t("channels.body_hint")}>
              <Input.TextArea rows={6} spellCheck={false} className={styles.editor ?? ""} />
            </Form.Item>
          )
        }
      </Form.Item>
    </>
  );
}

// What answers mean and how an unknown outcome is looked up: few need it, engineers write it.
function FurtherField() {
  const { t } = useTranslation();
  const isObject = {
    validator: async (_: unknown, text: string | undefined) => {
      const found = objectIn(text ?? "");
      const others = Object.keys(found ?? {}).filter((name) => !FURTHER.includes(name));
      if (found === null || others.length > 0) throw new Error(t("channels.no_further"));
    },
  };
  return (
    <Form.Item
      name="further"
      label={t("channels.further_json")}
      extra={t("channels.further_hint")}
      rules={[isObject]}
    >
      <Input.TextArea rows={3} spellCheck={false} className={styles.editor ?? ""} />
    </Form.Item>
  );
}
