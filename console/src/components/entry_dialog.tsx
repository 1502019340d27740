import type { UseMutationResult } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problem";
import { Dialog } from "./dialog";
import { ProblemAlert } from "./problem_alert";
import { useProblemText } from "./problem_text";

interface Props<Values> {
  title: string;
  save: UseMutationResult<unknown, Error, Values>;
  initial: Partial<Values>;
  // Which field a problem is about, by its code: said there, every other above them.
  about?: Readonly<Record<string, string>>;
  wide?: boolean;
  // On the button, where it is not "save".
  action?: string;
  onClose(): void;
  // The fields.
  children: ReactNode;
}

// Something is entered or changed by hand: its fields, what went wrong, one button.
export function EntryDialog<Values extends object>(props: Props<Values>) {
  const { title, save, initial, about = {}, wide = false, action, onClose, children } = props;
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const problemText = useProblemText();
  const fieldOf = (error: Error) => about[problemOf(error).code];
  const sayBeside = (error: Error) => {
    const name = fieldOf(error);
    if (name === undefined) return;
    const errors = [problemText(error).happened];
    form.setFields([{ name: name as never, errors }]);
    form.scrollToField(name);
  };
  return (
    <Dialog open onClose={onClose} title={title} wide={wide}>
      {save.isError && fieldOf(save.error) === undefined && <ProblemAlert error={save.error} />}
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={(values) => save.mutate(values, { onSuccess: onClose, onError: sayBeside })}
      >
        {children}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {action ?? t("dialog.save")}
        </Button>
      </Form>
    </Dialog>
  );
}

interface TextProps {
  name: string;
  label: string;
  max: number;
  // Below the field: what is written there.
  hint?: string;
}

export function RequiredText({ name, label, max, hint }: TextProps) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={hint}
      rules={[{ required: true, whitespace: true, message: t("stores.missing") }]}
    >
      <Input maxLength={max} autoComplete="off" />
    </Form.Item>
  );
}
