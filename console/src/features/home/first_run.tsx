import { useTranslation } from "react-i18next";
import { FirstImport } from "@/components/first_import";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { DemoOffer } from "./demo_offer";
import styles from "./first_run.module.css";

// Nobody is known yet: what to do first.
export function FirstRun() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("home.welcome")} />
      <div className={styles.ways}>
        <Panel>
          <FirstImport />
        </Panel>
        <DemoOffer />
      </div>
    </>
  );
}
