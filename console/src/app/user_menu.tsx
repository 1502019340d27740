import { Button, Dropdown, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useNotices } from "@/components/notices";
import { useProblemText } from "@/components/problem_text";
import { useSession, useSignOut } from "@/features/sign_in/session";
import { chooseLanguage, LANGUAGES } from "@/text/language";
import { APPEARANCES, useAppearance } from "./appearance";
import { PAGES } from "./pages";
import styles from "./user_menu.module.css";

export function UserMenu() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const signOut = useSignOut();
  const problemText = useProblemText();
  const notices = useNotices();
  const leave = () =>
    signOut.mutate(undefined, {
      onError: (error) =>
        notices.error(t("shell.not_signed_out", { reason: problemText(error).happened })),
    });
  const { appearance, choose } = useAppearance();
  const user = session.data?.user;
  if (!user) return null;

  const own = PAGES.filter(({ path }) => path === "/me").map(({ path, name }) => ({
    key: path,
    label: t(`page.${name}`),
    onClick: () => void navigate(path),
  }));
  const items: NonNullable<MenuProps["items"]> = [
    {
      key: "who",
      type: "group",
      label: t("shell.who", { name: user.name, role: t(`role.${user.role}`) }),
      children: own,
    },
    { type: "divider" },
    {
      key: "language",
      type: "group",
      label: t("shell.language"),
      children: LANGUAGES.map((each) => ({
        key: each,
        label: <span lang={each}>{t(`language.${each}`)}</span>,
        onClick: () => void chooseLanguage(each),
      })),
    },
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
      menu={{ items, selectable: true, selectedKeys: [appearance, i18n.language] }}
    >
      <Button type="text" className={styles.user ?? ""} data-testid="user" aria-haspopup="menu">
        <span className={styles.initial} aria-hidden="true">
          {[...name][0]}
        </span>
        <span className={`for-readers-narrow ${styles.name}`}>{name}</span>
      </Button>
    </Dropdown>
  );
}
