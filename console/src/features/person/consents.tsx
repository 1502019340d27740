import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import { Moment } from "@/components/moment";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

export function Consents({ consents }: Pick<Schema["Customer"], "consents">) {
  const { t } = useTranslation();
  return (
    <dl className={styles.pairs}>
      {consents.map(({ purpose, channel, state, at, how, wording, proof }) => (
        <div key={`${purpose} ${channel} ${at}`}>
          <dt>
            {purpose}
            {channel && ` · ${channel}`}
          </dt>
          <dd title={[wording, proof].filter((part) => part !== "").join(" · ")}>
            {t(`consent.${state}`)}
            <small className={styles.since}>
              <Moment value={at} /> {how}
            </small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

// What the customer has said of a purpose, written down by hand.
export function NewConsent({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const purposes = names?.purposes ?? [];
  const [purpose, setPurpose] = useState("");
  const [channel, setChannel] = useState("");
  const [state, setState] = useState<"given" | "withdrawn">("withdrawn");
  const record = useRecordChange((consent: Schema["NewConsent"]) =>
    answerOf(
      api.POST("/customers/{customer}/consents", {
        params: { path: { customer } },
        body: consent,
      }),
    ),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate({
      purpose: purpose || purposes[0] || "",
      channel: channel === "" ? null : channel,
      state,
      how: t("person.by_hand"),
    });
  };
  const same = (each: string) => ({ value: each, label: each });
  if (purposes.length === 0) return null;
  return (
    <form className={styles.adding} onSubmit={submit}>
      <Choice
        aria-label={t("person.purpose")}
        value={purpose || (purposes[0] ?? "")}
        options={purposes.map(same)}
        onChange={setPurpose}
      />
      <Choice
        aria-label={t("person.channel")}
        value={channel}
        options={[
          { value: "", label: t("person.every_channel") },
          ...(names?.channels ?? []).map(same),
        ]}
        onChange={setChannel}
      />
      <Choice
        aria-label={t("person.consent_state")}
        value={state}
        options={[
          { value: "withdrawn", label: t("consent.withdrawn") },
          { value: "given", label: t("consent.given") },
        ]}
        onChange={(next) => setState(next === "given" ? "given" : "withdrawn")}
      />
      <Button htmlType="submit" loading={record.isPending}>
        {t("person.write_down")}
      </Button>
    </form>
  );
}
