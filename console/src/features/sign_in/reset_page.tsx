import { useMutation } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api } from "@/api/client";
import { NewPasswordFields } from "@/components/new_password_fields";
import { ProblemAlert } from "@/components/problem_alert";
import { useTitle } from "@/components/use_title";
import { Entrance } from "./entrance";
import styles from "./entrance.module.css";
import { useLinkToken } from "./link_token";

// A password of one's own, by the link an administrator has sent or the terminal has shown.
export default function ResetPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const reset = useMutation({
    mutationFn: (password: string) => answerOf(api.POST("/reset", { body: { token, password } })),
  });
  useTitle(t("reset.title"));

  if (token === "" || reset.isSuccess) {
    return (
      <Entrance title={t("reset.title")} lead={t(token === "" ? "reset.no_token" : "reset.done")}>
        <Link to="/sign-in">{t("setup.to_sign_in")}</Link>
      </Entrance>
    );
  }
  return (
    <Entrance title={t("reset.title")} lead={t("reset.lead")}>
      {reset.isError && <ProblemAlert error={reset.error} className={styles.problem} />}
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={({ password }: { password: string }) => reset.mutate(password)}
      >
        <NewPasswordFields />
        <Button type="primary" htmlType="submit" block loading={reset.isPending}>
          {t("reset.submit")}
        </Button>
      </Form>
    </Entrance>
  );
}
