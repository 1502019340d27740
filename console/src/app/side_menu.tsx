import { DoubleLeftOutlined, DoubleRightOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { usePermissions } from "@/components/permissions";
import { mayOpen, PAGES, type Page, pageOf } from "./pages";
import styles from "./side_menu.module.css";

interface Props {
  // Icons only.
  narrow: boolean;
  onFold?: () => void;
  onChosen?: () => void;
}

// What stands below a page shows while one is there.
export function SideMenu({ narrow, onFold, onChosen }: Props) {
  const { t } = useTranslation();
  const permissions = usePermissions();
  const here = pageOf(useLocation().pathname);
  const shown = PAGES.filter((page) => !page.hidden && mayOpen(page, permissions));
  const below = (top: Page) => shown.filter((page) => page.below === top.path);
  const open = here?.below ?? here?.path;
  return (
    <nav className={styles.menu} aria-label={t("shell.menu")} data-narrow={narrow}>
      <ul>
        {shown
          .filter((page) => page.below === undefined)
          .map((page) => (
            <li key={page.path}>
              <Entry {...{ page, here, narrow, onChosen }} />
              {!narrow && open === page.path && below(page).length > 0 && (
                <ul className={styles.below}>
                  {below(page).map((each) => (
                    <li key={each.path}>
                      <Entry page={each} {...{ here, narrow, onChosen }} />
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
      </ul>
      {onFold && (
        <Button
          type="text"
          className={styles.fold ?? ""}
          icon={narrow ? <DoubleRightOutlined /> : <DoubleLeftOutlined />}
          aria-expanded={!narrow}
          aria-label={narrow ? t("shell.unfold") : t("shell.fold")}
          title={narrow ? t("shell.unfold") : t("shell.fold")}
          data-testid="fold"
          onClick={onFold}
        />
      )}
    </nav>
  );
}

interface EntryProps {
  page: Page;
  here: Page | undefined;
  narrow: boolean;
  onChosen?: (() => void) | undefined;
}

function Entry({ page, here, narrow, onChosen }: EntryProps) {
  const { t } = useTranslation();
  const name = t(`page.${page.name}`);
  // Folded away, or behind a link only: its place is that of the page above it.
  const holds = here?.below === page.path && (narrow || here.hidden);
  return (
    <Link
      to={page.path}
      className={styles.entry ?? ""}
      aria-current={here === page ? "page" : holds ? "true" : undefined}
      title={narrow ? name : undefined}
      onClick={onChosen}
    >
      {page.icon && <span aria-hidden="true">{page.icon}</span>}
      <span className={narrow ? "for-readers" : ""}>{name}</span>
    </Link>
  );
}
