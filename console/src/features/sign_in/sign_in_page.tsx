import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { ProblemAlert } from "@/components/problem_alert";
import { ShellSkeleton } from "@/components/shell_skeleton";
import { useTitle } from "@/components/use_title";
import { Entrance } from "./entrance";
import styles from "./entrance.module.css";
import { useSession, useSignIn } from "./session";

export default function SignInPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const session = useSession();
  const signIn = useSignIn();
  useTitle(t("sign_in.title"));

  if (session.isPending) return <ShellSkeleton />;
  if (session.data) return <Navigate to={safeAddress(search.get("from"))} replace />;

  return (
    <Entrance title={t("sign_in.title")} lead={t("sign_in.lead")}>
      {signIn.isError && <ProblemAlert error={signIn.error} className={styles.problem} />}
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={(values: { name: string; password: string }) => signIn.mutate(values)}
      >
        <Form.Item
          name="name"
          label={t("sign_in.name")}
          rules={[{ required: true, message: t("sign_in.name_missing") }]}
        >
          <Input autoComplete="username" autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("sign_in.password")}
          rules={[{ required: true, message: t("sign_in.password_missing") }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t("sign_in.submit")}
        </Button>
      </Form>
    </Entrance>
  );
}

// Only an address of this console: "//elsewhere" and "https://…" lead away.
export function safeAddress(from: string | null): string {
  return from !== null && /^\/(?![/\\])/.test(from) ? from : "/";
}
