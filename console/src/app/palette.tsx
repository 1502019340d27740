import { SearchOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import styles from "./palette.module.css";

const Finder = lazy(() => import("./palette_finder"));

// Where the key beside the space bar is ⌘.
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

// Ctrl/⌘ K leads anywhere: pages, people, audiences, settings.
export function Palette() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <Button
        className={styles.opener ?? ""}
        icon={<SearchOutlined />}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        data-testid="palette"
        onClick={() => setOpen(true)}
      >
        <span className={`for-readers-narrow ${styles.opener_text}`}>{t("palette.open")}</span>
        <kbd className={styles.key}>{t(IS_MAC ? "palette.key_mac" : "palette.key")}</kbd>
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("palette.title")} place="top">
        <Suspense fallback={<div className={styles.waiting} />}>
          <Finder onDone={() => setOpen(false)} />
        </Suspense>
      </Dialog>
    </>
  );
}
