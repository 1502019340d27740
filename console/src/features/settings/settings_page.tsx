import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageHead } from "@/components/page_head";
import type zh from "@/locales/zh-CN.json";
import styles from "./settings_page.module.css";

export type SettingsPart = keyof (typeof zh)["settings"]["part"];

interface Props {
  // The parts whoever is signed in may open.
  parts: readonly { name: SettingsPart; path: string }[];
}

export function SettingsPage({ parts }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("page.settings")} />
      <ul className={styles.parts}>
        {parts.map(({ name, path }) => (
          <li key={path}>
            <Link to={path} className={styles.part ?? ""}>
              <span className={styles.name}>{t(`page.${name}`)}</span>
              <span className={styles.sentence}>{t(`settings.part.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
