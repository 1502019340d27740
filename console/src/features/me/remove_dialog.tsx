import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Dialog } from "@/components/dialog";
import { useNotices } from "@/components/notices";
import { ProblemAlert } from "@/components/problem_alert";
import { bareCode, CodeField } from "./code_field";

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
      void client.invalidateQueries({ queryKey: ["users"] });
      return client.invalidateQueries({ queryKey: ["second_factor"] });
    },
  });
  return (
    <Dialog open onClose={onClose} title={t("second_factor.remove_title")}>
      <p>{t("second_factor.remove_text")}</p>
      {remove.isError && <ProblemAlert error={remove.error} />}
      <Form<Schema["SecondFactorProof"]>
        name="remove"
        layout="vertical"
        requiredMark={false}
        onFinish={({ password, code }) => remove.mutate({ password, code: bareCode(code) })}
      >
        <Form.Item
          name="password"
          label={t("me.current_password")}
          rules={[{ required: true, message: t("sign_in.password_missing") }]}
        >
          <Input.Password autoComplete="current-password" autoFocus />
        </Form.Item>
        <CodeField hint={t("sign_in.code_hint")} />
        <Button type="primary" danger htmlType="submit" loading={remove.isPending}>
          {t("second_factor.remove_submit")}
        </Button>
      </Form>
    </Dialog>
  );
}
