import { App, Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import { LanguageSwitch } from "@/components/language_switch";
import { Logo } from "@/components/logo";
import { useProblemText } from "@/components/problem_text";
import { ZoneContext } from "@/components/zone";
import { useSession, useSignOut } from "@/features/sign_in/session";
import { APPEARANCES, useAppearance } from "./appearance";
import styles from "./shell.module.css";

export function Shell() {
  const { t } = useTranslation();
  const zone = useSession().data?.zone ?? "Asia/Shanghai";
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        {t("shell.skip")}
      </a>
      <header className={styles.bar}>
        <NavLink to="/" className={styles.home ?? ""}>
          <Logo />
        </NavLink>
        <nav className={styles.nav} aria-label={t("shell.menu")}>
          <NavLink to="/question">{t("question.menu")}</NavLink>
        </nav>
        <LanguageSwitch />
        <UserMenu />
      </header>
      <main id="content" className={styles.content} tabIndex={-1}>
        <ZoneContext value={zone}>
          <Outlet />
        </ZoneContext>
      </main>
    </div>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const session = useSession();
  const signOut = useSignOut();
  const problemText = useProblemText();
  const { message } = App.useApp();
  const leave = () =>
    signOut.mutate(undefined, {
      onError: (error) =>
        message.error(t("shell.not_signed_out", { reason: problemText(error).happened })),
    });
  const { appearance, choose } = useAppearance();
  const user = session.data?.user;
  if (!user) return null;

  const items: NonNullable<MenuProps["items"]> = [
    {
      key: "who",
      type: "group",
      label: t("shell.who", { name: user.name, role: t(`role.${user.role}`) }),
    },
    { type: "divider" },
    {
      key: "appearance",
      type: "group",
      label: t("shell.appearance"),
      children: APPEARANCES.map((each) => ({
        key: each,
        label: t(`appearance.${each}`),
        onClick: () => choose(each),
      })),
    },
    { type: "divider" },
    { key: "sign_out", label: t("shell.sign_out"), onClick: leave },
  ];
  const name = user.display_name || user.name;
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{ items, selectable: true, selectedKeys: [appearance] }}
    >
      <Button type="text" className={styles.user ?? ""} data-testid="user" aria-haspopup="menu">
        <span className={styles.initial} aria-hidden="true">
          {[...name][0]}
        </span>
        <span className={styles.name}>{name}</span>
      </Button>
    </Dropdown>
  );
}
