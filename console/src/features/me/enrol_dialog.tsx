// Turning the second factor on, in three steps: the password, the first code, the recovery codes.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { CopyButton } from "@/components/copy_button";
import { Dialog } from "@/components/dialog";
import { bareCode, CodeField } from "./code_field";
import { CurrentPasswordField, ProofForm } from "./proof_form";
import { QrCode } from "./qr_code";
import { RecoveryCodes } from "./recovery_codes";
import styles from "./second_factor.module.css";

type Offer = Schema["SecondFactorOffer"];

export default function EnrolDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const [offer, setOffer] = useState<Offer | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes !== null) return <RecoveryCodes codes={codes} onKept={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t("second_factor.enrol_title")}>
      {offer === null ? (
        <AskPassword onOffer={setOffer} />
      ) : (
        <AskCode offer={offer} onCodes={setCodes} />
      )}
    </Dialog>
  );
}

function AskPassword({ onOffer }: { onOffer(offer: Offer): void }) {
  const { t } = useTranslation();
  const ask = useMutation({
    mutationFn: (body: Schema["PasswordProof"]) =>
      answerOf(api.POST("/session/second-factor", { body })),
    onSuccess: onOffer,
  });
  return (
    <>
      <p>{t("second_factor.password_text")}</p>
      <ProofForm<Schema["PasswordProof"]>
        name="prove"
        submit={t("second_factor.next")}
        giving={ask}
        onGive={(body) => ask.mutate(body)}
      >
        <CurrentPasswordField />
      </ProofForm>
    </>
  );
}

interface AskCodeProps {
  offer: Offer;
  onCodes(codes: readonly string[]): void;
}

function AskCode({ offer: { secret, uri }, onCodes }: AskCodeProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: (body: Schema["CodeProof"]) =>
      answerOf(api.POST("/session/second-factor/confirm", { body })),
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      return askAgainAfter(client, "second_factor");
    },
  });
  return (
    <>
      <p>{t("second_factor.scan_text")}</p>
      <div className={styles.scan}>
        <QrCode text={uri} label={t("second_factor.qr")} />
        <div className={styles.by_hand}>
          <p>{t("second_factor.by_hand")}</p>
          <code className={styles.secret} data-testid="totp_secret">
            {inFours(secret)}
          </code>
          <CopyButton text={secret} />
        </div>
      </div>
      <ProofForm<Schema["CodeProof"]>
        name="confirm"
        submit={t("second_factor.turn_on")}
        giving={confirm}
        onGive={({ code }) => confirm.mutate({ code: bareCode(code) })}
      >
        <CodeField hint={t("second_factor.code_hint")} />
      </ProofForm>
    </>
  );
}

// To be read and typed: "JBSW Y3DP EHPK 3PXP".
const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");
