import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import styles from "./dialog.module.css";

interface Props {
  open: boolean;
  onClose(): void;
  title: string;
  // Where it stands: in the middle, near the top without a head (the palette), or at the left side.
  place?: "middle" | "top" | "side";
  children: ReactNode;
  // Below, at the right: what may be done.
  actions?: ReactNode;
}

// The browser's own dialog: keeps the focus, closes by Esc, and what is behind it is out of reach.
// antd's Modal and Drawer write styles the page's content policy refuses.
export function Dialog({ open, ...content }: Props) {
  return open ? <Opened {...content} /> : null;
}

function Opened({ onClose, title, place = "middle", children, actions }: Omit<Props, "open">) {
  const { t } = useTranslation();
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    // Its keys: Esc, which the browser tells as "cancel".
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it, as Esc does.
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-place={place}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={styles.inside}>
        {place === "top" ? (
          <h2 id={heading} className="for-readers">
            {title}
          </h2>
        ) : (
          <header className={styles.head}>
            <h2 id={heading} className={styles.title}>
              {title}
            </h2>
            <Button
              type="text"
              icon={<CloseOutlined />}
              aria-label={t("dialog.close")}
              onClick={onClose}
            />
          </header>
        )}
        {children}
        {actions && <footer className={styles.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
