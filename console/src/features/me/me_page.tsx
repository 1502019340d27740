import { useTranslation } from "react-i18next";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { SessionList } from "@/components/session_list";
import { PasswordForm } from "./password_form";
import { SecondFactor } from "./second_factor";

// What belongs to whoever is signed in.
export default function MePage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.me")} />
      <Panel title={t("me.password")} lead={t("me.password_text")}>
        <PasswordForm />
      </Panel>
      <Panel title={t("second_factor.title")} lead={t("second_factor.text")}>
        <SecondFactor />
      </Panel>
      <Panel title={t("sessions.title")} lead={t("sessions.text")}>
        <SessionList user={null} mayEnd />
      </Panel>
    </>
  );
}
