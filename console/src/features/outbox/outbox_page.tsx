import { useTranslation } from "react-i18next";
import { PageHead } from "@/components/page_head";
import { DeadLetters } from "./dead_letters";
import { Lanes } from "./lanes";
import { Pauses } from "./pauses";

// What goes out (发送): what stands still and why, what ended undone, how fast each lane is.
export default function OutboxPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.outbox")} lead={t("settings.part.outbox")} />
      <Pauses />
      <DeadLetters />
      <Lanes />
    </>
  );
}
