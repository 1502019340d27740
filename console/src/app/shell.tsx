import { MenuOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { Dialog } from "@/components/dialog";
import { Logo } from "@/components/logo";
import { MasksContext } from "@/components/masks";
import { PermissionsContext } from "@/components/permissions";
import { ZoneContext } from "@/components/zone";
import { useSession } from "@/features/sign_in/session";
import { Banner } from "./banner";
import { Palette } from "./palette";
import styles from "./shell.module.css";
import { SideMenu } from "./side_menu";
import { UserMenu } from "./user_menu";

const NOTHING: never[] = [];

// The frame of every page: menu at the side (behind a button on the phone), the way anywhere, and
// whoever is signed in.
export function Shell() {
  const { t } = useTranslation();
  const session = useSession().data;
  const [narrow, fold] = useFolded();
  const content = useRef<HTMLElement>(null);
  useBegin(content);
  return (
    <PermissionsContext value={session?.permissions ?? NOTHING}>
      <ZoneContext value={session?.zone ?? "Asia/Shanghai"}>
        <MasksContext value={session ? { ...session.masks, role: session.user.role } : null}>
          <div className={styles.shell} data-narrow={narrow}>
            <a href="#content" className={styles.skip}>
              {t("shell.skip")}
            </a>
            <aside className={styles.side}>
              <Link to="/" className={styles.home ?? ""} aria-label={t("product")}>
                <Logo brief />
              </Link>
              <SideMenu narrow={narrow} onFold={fold} />
            </aside>
            <div className={styles.rest}>
              <header className={styles.bar}>
                <MenuDrawer />
                <Palette />
                <UserMenu />
              </header>
              <Banner demo={session?.demo ? { madeAt: session.demo_made_at } : null} />
              <main id="content" ref={content} className={styles.content} tabIndex={-1}>
                <Outlet />
              </main>
            </div>
          </div>
        </MasksContext>
      </ZoneContext>
    </PermissionsContext>
  );
}

const KEPT_AS = "siyu.menu";

// Whether the menu is folded to its icons; kept in the browser.
function useFolded(): [boolean, () => void] {
  const [folded, setFolded] = useState(() => localStorage.getItem(KEPT_AS) === "folded");
  const fold = () => {
    localStorage.setItem(KEPT_AS, folded ? "open" : "folded");
    setFolded(!folded);
  };
  return [folded, fold];
}

// Another page is read from its beginning, by eyes and by readers.
function useBegin(content: React.RefObject<HTMLElement | null>): void {
  const { pathname, hash } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    if (hash !== "") return;
    window.scrollTo(0, 0);
    content.current?.focus({ preventScroll: true });
  }, [content, pathname, hash]);
}

// On the phone.
function MenuDrawer() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.phone}>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={t("shell.menu")}
        aria-expanded={open}
        data-testid="menu"
        onClick={() => setOpen(true)}
      />
      <Link to="/" className={styles.home ?? ""} aria-label={t("product")}>
        <Logo brief />
      </Link>
      <Dialog open={open} onClose={() => setOpen(false)} title={t("product")} place="side">
        <SideMenu narrow={false} onChosen={() => setOpen(false)} />
      </Dialog>
    </div>
  );
}
