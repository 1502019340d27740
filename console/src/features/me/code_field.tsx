import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

// As apps show it and people write it down: "123 456".
export const bareCode = (text: string) => text.replace(/\s/g, "");

// What the app shows now, within a form: its value `code`.
export function CodeField({ hint }: { hint: string }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="code"
      label={t("sign_in.code")}
      extra={hint}
      rules={[{ required: true, whitespace: true, message: t("sign_in.code_missing") }]}
    >
      <Input autoComplete="one-time-code" maxLength={64} spellCheck={false} />
    </Form.Item>
  );
}
