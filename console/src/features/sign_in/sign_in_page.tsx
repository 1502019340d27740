import { Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { ProblemError } from "@/api/problem";
import { ProblemAlert } from "@/components/problem_alert";
import { ShellSkeleton } from "@/components/shell_skeleton";
import { useTitle } from "@/components/use_title";
import { DemoEntrance, useHasDemoEntrance } from "./demo_entrance";
import { Entrance } from "./entrance";
import styles from "./entrance.module.css";
import { useSession, useSignIn } from "./session";

export default function SignInPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const session = useSession();
  const signIn = useSignIn();
  const hasDemo = useHasDemoEntrance();
  // Once the password was right: the second factor asks for a code, also after a wrong one.
  const [needsCode, setNeedsCode] = useState(false);
  const [form] = Form.useForm<Values>();
  useTitle(t("sign_in.title"));

  // Nothing comes later and moves the form away from under somebody's hand.
  if (session.isPending || hasDemo === undefined) return <ShellSkeleton />;
  if (session.data) return <Navigate to={safeAddress(search.get("from"))} replace />;

  const submit = ({ name, password, code }: Values) =>
    signIn.mutate(
      { name, password, ...(needsCode && code ? { code: code.replace(/\s/g, "") } : {}) },
      {
        onError: (error) => {
          if (codeOf(error) === CODE_NEEDED) setNeedsCode(true);
          // Each code is taken once: the next one is another.
          form.resetFields(["code"]);
        },
      },
    );
  return (
    <Entrance title={t("sign_in.title")} lead={t("sign_in.lead")}>
      {hasDemo && <DemoEntrance />}
      {signIn.isError && codeOf(signIn.error) !== CODE_NEEDED && (
        <ProblemAlert error={signIn.error} className={styles.problem} />
      )}
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        // Somebody else may have none.
        onValuesChange={({ name }) => name !== undefined && setNeedsCode(false)}
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
        {needsCode && (
          <Form.Item
            name="code"
            label={t("sign_in.code")}
            extra={t("sign_in.code_hint")}
            rules={[{ required: true, message: t("sign_in.code_missing") }]}
          >
            <Input autoComplete="one-time-code" autoFocus maxLength={64} spellCheck={false} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t("sign_in.submit")}
        </Button>
      </Form>
    </Entrance>
  );
}

interface Values {
  name: string;
  password: string;
  code?: string;
}

const CODE_NEEDED = "access.code_needed";

function codeOf(error: unknown): string {
  return error instanceof ProblemError ? error.problem.code : "";
}

// Only an address of this console: "//elsewhere" and "https://…" lead away.
export function safeAddress(from: string | null): string {
  return from !== null && /^\/(?![/\\])/.test(from) ? from : "/";
}
