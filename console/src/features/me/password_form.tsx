import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { askAgainAfter } from "@/api/changed";
import { answerOf, api, type Schema } from "@/api/client";
import { NewPasswordFields } from "@/components/new_password_fields";
import { useNotices } from "@/components/notices";
import { ProblemAlert } from "@/components/problem_alert";

interface Values {
  current: string;
  password: string;
}

export function PasswordForm() {
  const { t } = useTranslation();
  const notices = useNotices();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const change = useMutation({
    mutationFn: (body: Schema["PasswordChange"]) =>
      answerOf(api.PUT("/session/password", { body })),
    onSuccess: () => {
      form.resetFields();
      void notices.success(t("me.password_changed"));
      return askAgainAfter(client, "sessions");
    },
  });
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      style={{ maxWidth: 400 }}
      onFinish={({ current, password }) => change.mutate({ current, next: password })}
    >
      {change.isError && <ProblemAlert error={change.error} />}
      <Form.Item
        name="current"
        label={t("me.current_password")}
        rules={[{ required: true, message: t("sign_in.password_missing") }]}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <NewPasswordFields />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t("me.change_password")}
      </Button>
    </Form>
  );
}
