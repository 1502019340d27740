import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./dialog.module.css";

interface Props {
  open: boolean;
  // Undefined: by its actions only, since what it shows cannot be shown again.
  onClose?: (() => void) | undefined;
  title: string;
  // Where it stands: in the middle, near the top without a head (the palette), or at the left side.
  place?: "middle" | "top" | "side";
  // For a table.
  wide?: boolean;
  children: ReactNode;
  // Below, at the right: what may be done.
  actions?: ReactNode;
}

// The second press of a double click on what opened the dialog meets what lies beside it.
const DOUBLE_CLICK_MS = 500;

// The browser's own dialog: keeps the focus, closes by Esc, and what is behind it is out of reach.
// antd's Modal and Drawer write styles the page's content policy refuses.
export function Dialog({ open, ...content }: Props) {
  return open ? <Opened {...content} /> : null;
}

function Opened({
  onClose,
  title,
  place = "middle",
  wide = false,
  children,
  actions,
}: Omit<Props, "open">) {
  const { t } = useTranslation();
  const heading = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it is taken out of the page: only so the browser gives the focus back to who
  // opened it.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  // Whether the pointer went down, and came up again, beside what the dialog shows. Where a press
  // begins in a field and ends outside, the browser tells of a click on the dialog.
  const beside = useRef(false);
  const [opened] = useState(() => performance.now());
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-place={place}
      data-wide={wide}
      aria-labelledby={heading}
      // Esc: told as "cancel". A second one closes whatever "cancel" says, unless the key is kept.
      onKeyDown={(event) => event.key === "Escape" && !onClose && event.preventDefault()}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onPointerDown={(event) => {
        const settled = performance.now() - opened > DOUBLE_CLICK_MS;
        beside.current = settled && event.target === dialog.current;
      }}
      onPointerUp={(event) => {
        beside.current &&= event.target === dialog.current;
      }}
      onClick={(event) => event.target === dialog.current && beside.current && onClose?.()}
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
            {onClose && (
              <Button
                type="text"
                icon={<CloseOutlined />}
                aria-label={t("dialog.close")}
                onClick={onClose}
              />
            )}
          </header>
        )}
        {children}
        {actions && <footer className={styles.actions}>{actions}</footer>}
      </div>
    </dialog>
  );
}
