import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useNotices } from "@/components/notices";
import { Panel } from "@/components/panel";
import styles from "./imports.module.css";
import type { Mapping } from "./mapping";

const ROWS = 12;

// The same for the command line: siyu import --map.
export function MappingJson({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const json = JSON.stringify(mapping, null, 2);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(json);
      void notices.success(t("imports.copied"));
    } catch {
      void notices.error(t("imports.not_copied"));
    }
  };
  return (
    <Panel>
      <details>
        <summary className={styles.summary}>{t("imports.json")}</summary>
        <p className={styles.hint}>{t("imports.json_hint")}</p>
        <Input.TextArea
          readOnly
          rows={ROWS}
          className={styles.json ?? ""}
          aria-label={t("imports.json")}
          value={json}
        />
        <Button size="small" onClick={() => void copy()}>
          {t("imports.copy")}
        </Button>
      </details>
    </Panel>
  );
}
