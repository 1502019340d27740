// Turning the second factor on, in three steps: the password, the first code, the recovery codes.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { CopyButton } from "@/components/copy_button";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";
import { bareCode, CodeField } from "./code_field";
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
      {ask.isError && <ProblemAlert error={ask.error} />}
      <Form<Schema["PasswordProof"]>
        name="prove"
        layout="vertical"
        requiredMark={false}
        onFinish={(body) => ask.mutate(body)}
      >
        <Form.Item
          name="password"
          label={t("me.current_password")}
          rules={[{ required: true, message: t("sign_in.password_missing") }]}
        >
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {t("second_factor.next")}
        </Button>
      </Form>
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
      void client.invalidateQueries({ queryKey: ["users"] });
      return client.invalidateQueries({ queryKey: ["second_factor"] });
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
      {confirm.isError && <ProblemAlert error={confirm.error} />}
      <Form<Schema["CodeProof"]>
        name="confirm"
        layout="vertical"
        requiredMark={false}
        onFinish={({ code }) => confirm.mutate({ code: bareCode(code) })}
      >
        <CodeField hint={t("second_factor.code_hint")} />
        <Button type="primary" htmlType="submit" loading={confirm.isPending}>
          {t("second_factor.turn_on")}
        </Button>
      </Form>
    </>
  );
}

// To be read and typed: "JBSW Y3DP EHPK 3PXP".
const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, "$1 ");
