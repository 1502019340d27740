import { useTranslation } from "react-i18next";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { PasswordForm } from "./password_form";
import { Sessions } from "./sessions";

// What belongs to whoever is signed in.
export default function MePage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.me")} />
      <Panel title={t("me.password")} lead={t("me.password_text")}>
        <PasswordForm />
      </Panel>
      <Panel title={t("me.sessions")} lead={t("me.sessions_text")}>
        <Sessions />
      </Panel>
    </>
  );
}
