import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { NewPasswordFields } from "@/components/new_password_fields";
import { ProblemAlert } from "@/components/problem_alert";
import { useTitle } from "@/components/use_title";
import { Entrance } from "./entrance";
import styles from "./entrance.module.css";
import { useLinkToken } from "./link_token";
import { useSetup } from "./session";

interface Values {
  name: string;
  display_name?: string;
  password: string;
}

export default function SetupPage() {
  const { t } = useTranslation();
  const setup = useSetup();
  const token = useLinkToken();
  useTitle(t("setup.title"));

  if (setup.isSuccess) return <Navigate to="/" replace />;
  if (token === "") {
    return (
      <Entrance title={t("setup.title")} lead={t("setup.no_token")}>
        <Link to="/sign-in">{t("setup.to_sign_in")}</Link>
      </Entrance>
    );
  }

  const submit = ({ name, display_name, password }: Values) =>
    setup.mutate({ token, name, password, ...(display_name ? { display_name } : {}) });

  return (
    <Entrance title={t("setup.title")} lead={t("setup.lead")}>
      {setup.isError && <ProblemAlert error={setup.error} className={styles.problem} />}
      <Form layout="vertical" requiredMark={false} onFinish={submit}>
        <Form.Item
          name="name"
          label={t("setup.name")}
          extra={t("setup.name_hint")}
          rules={[{ required: true, whitespace: true, message: t("sign_in.name_missing") }]}
        >
          <Input autoComplete="username" autoFocus maxLength={200} spellCheck={false} />
        </Form.Item>
        <Form.Item name="display_name" label={t("setup.display_name")}>
          <Input autoComplete="name" maxLength={200} />
        </Form.Item>
        <NewPasswordFields />
        <Button type="primary" htmlType="submit" block loading={setup.isPending}>
          {t("setup.submit")}
        </Button>
      </Form>
    </Entrance>
  );
}
