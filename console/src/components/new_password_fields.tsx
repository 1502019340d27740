import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

// The server refuses shorter ones too; said here before anything is sent.
export const PASSWORD_CHARACTERS_MIN = 12;

// A new password, twice, within a form: its value `password`.
export function NewPasswordFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t("setup.new_password")}
        extra={t("setup.password_hint", { characters: PASSWORD_CHARACTERS_MIN })}
        rules={[
          { required: true, message: t("sign_in.password_missing") },
          {
            min: PASSWORD_CHARACTERS_MIN,
            message: t("setup.password_short", { characters: PASSWORD_CHARACTERS_MIN }),
          },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("setup.again")}
        dependencies={["password"]}
        rules={[
          { required: true, message: t("setup.again_missing") },
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              !value || value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("setup.again_differs"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
