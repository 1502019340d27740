import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { MoreRows } from "@/components/more_rows";
import { moveByArrows } from "@/components/move_by_arrows";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { customerAddress, newAudienceAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { customersAddress } from "./address";
import { usePeopleOf, type Whom } from "./asking";
import styles from "./lifecycle.module.css";

interface Props {
  title: string;
  whom: Whom;
  // Who satisfies it are the same people; undefined: no rule says them.
  rule?: string | undefined;
  onClose(): void;
}

// The people behind a figure: each leads to the record, all of them to an audience where a rule
// says them.
export function PeoplePanel({ title, whom, rule, onClose }: Props) {
  const { t } = useTranslation();
  const mayRead = useMay("customers.read");
  const mayWrite = useMay("audiences.write");
  return (
    <div id="people" ref={bringIntoSight}>
      <Panel
        title={title}
        testId="people_of"
        actions={
          <div className={styles.actions}>
            {rule !== undefined && mayRead && (
              <Link to={customersAddress(rule)}>{t("lifecycle.in_customers")}</Link>
            )}
            {rule !== undefined && mayWrite && (
              <Link to={newAudienceAddress(rule)}>{t("lifecycle.as_audience")}</Link>
            )}
            <Button size="small" onClick={onClose}>
              {t("dialog.close")}
            </Button>
          </div>
        }
      >
        {mayRead ? (
          <People whom={whom} />
        ) : (
          <p className={styles.quiet}>{t("not_allowed.title")}</p>
        )}
      </Panel>
    </div>
  );
}

function bringIntoSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function People({ whom }: { whom: Whom }) {
  const { t, i18n } = useTranslation();
  const people = usePeopleOf(whom);
  return (
    <Answered query={people} rows={6}>
      {({ pages }) => {
        const rows = pages.flatMap((page) => page.people);
        const [first] = pages;
        // The grid says in its cells how many there are.
        const count = first && "count" in first ? first.count : undefined;
        if (rows.length === 0) return <p className={styles.quiet}>{t("question.nobody_title")}</p>;
        return (
          <>
            <ul className={styles.people} onKeyDown={moveByArrows} data-testid="people">
              {rows.map(({ id, key }) => (
                <li key={id}>
                  <Link to={customerAddress({ id })}>{key}</Link>
                </li>
              ))}
            </ul>
            {count !== undefined && (
              <p className={styles.quiet}>
                {t("question.shown", {
                  shown: formatCount(rows.length, i18n.language),
                  total: formatCount(count, i18n.language),
                })}
              </p>
            )}
            <MoreRows pages={people} />
          </>
        );
      }}
    </Answered>
  );
}
