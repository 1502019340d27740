import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { useChange } from "@/api/use_change";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";

export interface Making {
  onClose(): void;
  onSecret(secret: string): void;
}

interface Props<Values> extends Making {
  title: string;
  nameHint: string;
  submit: string;
  keyOf(values: Values): Schema["NewKey"];
  // The fields beside the name.
  children: ReactNode;
}

// What making a key of any kind asks; the secret is handed on, it is told only once.
export function NewKeyDialog<Values extends { name: string }>(props: Props<Values>) {
  const { title, nameHint, submit, keyOf, children, onClose, onSecret } = props;
  const { t } = useTranslation();
  const create = useChange("keys", async (values: Values) => {
    onSecret((await answerOf(api.POST("/keys", { body: keyOf(values) }))).secret);
  });
  return (
    <Dialog open onClose={onClose} title={title}>
      {create.isError && <ProblemAlert error={create.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        onFinish={(values) => create.mutate(values, { onSuccess: onClose })}
      >
        <Form.Item
          name="name"
          label={t("keys.name")}
          extra={nameHint}
          rules={[{ required: true, whitespace: true, message: t("keys.name_missing") }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {children}
        <Button type="primary" htmlType="submit" loading={create.isPending}>
          {submit}
        </Button>
      </Form>
    </Dialog>
  );
}
