import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "@/components/problem_alert";

interface Props<Proof> {
  // Of the form, so that its fields have ids of their own.
  name: string;
  submit: string;
  danger?: boolean;
  // What became of the last one given.
  giving: { isPending: boolean; isError: boolean; error: Error | null };
  onGive(proof: Proof): void;
  children: ReactNode;
}

// One step in which whoever is in front of the browser proves who they are.
export function ProofForm<Proof>(props: Props<Proof>) {
  const { name, submit, danger = false, giving, onGive, children } = props;
  return (
    <>
      {giving.isError && <ProblemAlert error={giving.error} />}
      <Form<Proof> name={name} layout="vertical" requiredMark={false} onFinish={onGive}>
        {children}
        <Button type="primary" danger={danger} htmlType="submit" loading={giving.isPending}>
          {submit}
        </Button>
      </Form>
    </>
  );
}

// The password of now, within a form: its value `password`.
export function CurrentPasswordField() {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="password"
      label={t("me.current_password")}
      rules={[{ required: true, message: t("sign_in.password_missing") }]}
    >
      <Input.Password autoComplete="current-password" autoFocus />
    </Form.Item>
  );
}
