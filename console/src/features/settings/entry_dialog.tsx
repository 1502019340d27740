import type { UseMutationResult } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { ProblemAlert } from "@/components/problem_alert";

interface Props<Values> {
  title: string;
  save: UseMutationResult<unknown, Error, Values>;
  initial: Partial<Values>;
  onClose(): void;
  // The fields.
  children: ReactNode;
}

// Something is entered or changed by hand: its fields, what went wrong, one button.
export function EntryDialog<Values extends object>(props: Props<Values>) {
  const { title, save, initial, onClose, children } = props;
  const { t } = useTranslation();
  return (
    <Dialog open onClose={onClose} title={title}>
      {save.isError && <ProblemAlert error={save.error} />}
      <Form<Values>
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(values) => save.mutate(values, { onSuccess: onClose })}
      >
        {children}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t("dialog.save")}
        </Button>
      </Form>
    </Dialog>
  );
}

export function RequiredText({ name, label, max }: { name: string; label: string; max: number }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: true, whitespace: true, message: t("stores.missing") }]}
    >
      <Input maxLength={max} autoComplete="off" />
    </Form.Item>
  );
}
