import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { useNotices } from "@/components/notices";
import { bareCode, CodeField } from "./code_field";
import { CurrentPasswordField, ProofForm } from "./proof_form";

// Whoever sits in front of an open browser cannot turn it off: password and code are asked for.
export function RemoveDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (body: Schema["SecondFactorProof"]) =>
      answerOf(api.POST("/session/second-factor/remove", { body })),
    onSuccess: () => {
      onClose();
      void notices.success(t("second_factor.removed"));
      return askAgainAfter(client, "second_factor");
    },
  });
  return (
    <Dialog open onClose={onClose} title={t("second_factor.remove_title")}>
      <p>{t("second_factor.remove_text")}</p>
      <ProofForm<Schema["SecondFactorProof"]>
        name="remove"
        submit={t("second_factor.remove_submit")}
        danger
        giving={remove}
        onGive={({ password, code }) => remove.mutate({ password, code: bareCode(code) })}
      >
        <CurrentPasswordField />
        <CodeField hint={t("sign_in.code_hint")} />
      </ProofForm>
    </Dialog>
  );
}
