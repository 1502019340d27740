import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useNames } from "@/api/names";
import { Choice } from "@/components/choice";
import { Moment } from "@/components/moment";
import styles from "./record.module.css";
import { useRecordChange } from "./record_change";

// How it is known: written down here. A word of the data, the same whoever reads it in whatever
// language.
const BY_HAND = "console";
const SAID_MAX = 1000;

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
          <dd>
            {t(`consent.${state}`)}
            <small className={styles.since}>
              <Moment value={at} /> {how === BY_HAND ? t("person.by_hand") : how}
            </small>
            {wording !== "" && (
              <small className={styles.proof}>{t("person.said_wording", { text: wording })}</small>
            )}
            {proof !== "" && (
              <small className={styles.proof}>{t("person.said_proof", { text: proof })}</small>
            )}
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
  const [wording, setWording] = useState("");
  const [proof, setProof] = useState("");
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
    const consent = {
      purpose: purpose || purposes[0] || "",
      channel: channel === "" ? null : channel,
      state,
      how: BY_HAND,
      ...(wording.trim() === "" ? {} : { wording: wording.trim() }),
      ...(proof.trim() === "" ? {} : { proof: proof.trim() }),
    };
    const clear = () => {
      setWording("");
      setProof("");
    };
    record.mutate(consent, { onSuccess: clear });
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
      <Input
        aria-label={t("person.wording")}
        placeholder={t("person.wording")}
        value={wording}
        maxLength={SAID_MAX}
        onChange={(event) => setWording(event.target.value)}
      />
      <Input
        aria-label={t("person.proof")}
        placeholder={t("person.proof")}
        value={proof}
        maxLength={SAID_MAX}
        autoComplete="off"
        onChange={(event) => setProof(event.target.value)}
      />
      <Button htmlType="submit" loading={record.isPending}>
        {t("person.write_down")}
      </Button>
    </form>
  );
}
