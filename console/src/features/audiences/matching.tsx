import { useTranslation } from "react-i18next";
import { Link, useLocation, useSearchParams } from "react-router";
import { useNames } from "@/api/names";
import { ProblemError } from "@/api/problem";
import { columnsFor } from "@/components/customer_columns";
import { ExportButton } from "@/components/export_button";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { useLiveCount } from "@/components/rule/asking";
import { type Gate, Heavy, useGate } from "@/components/rule/heavy";
import { PeopleList } from "@/components/rule/people_list";
import type { RuleDraft } from "@/components/rule/rule_draft";
import { WaitingBox } from "@/components/waiting_box";
import { questionAddress } from "@/text/address";
import { formatCount, roundedCount } from "@/text/number";
import type { RenderPerson } from "./audience_page";
import styles from "./audience_page.module.css";

interface Props {
  draft: RuleDraft;
  renderPerson: RenderPerson;
}

// Who satisfies the rule as it stands there, saved or not, and why one of them does.
export function Matching({ draft, renderPerson }: Props) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const { pathname } = useLocation();
  const [search, setSearch] = useSearchParams();
  const mayRead = useMay("customers.read");
  const written = draft.settled.trim();
  const gate = useGate({ rule: written, at: null }, !draft.wrong);
  const count = useLiveCount(written, !draft.wrong && gate.open);
  const person = search.get("person");
  // What is shown, of the rule it is of: until the next answer is here, the one before.
  const rule = count.data?.rule ?? written;
  const at = count.data?.at ?? null;
  const without = () => {
    const rest = new URLSearchParams(search);
    rest.delete("person");
    return rest;
  };
  const addressOf = (name: string) => {
    const next = without();
    next.set("person", name);
    return `${pathname}?${next}`;
  };
  if (written === "") {
    return (
      <Panel title={t("audience.people")}>
        <p className={styles.none}>{t("audience.no_rule")}</p>
      </Panel>
    );
  }
  return (
    <Panel
      title={t("audience.people")}
      actions={
        <div className={styles.actions}>
          <Count {...{ draft, gate, count, rule }} />
          {mayRead && gate.heavy === null && count.data && count.data.count > 0 && (
            <ExportButton
              question={{ rule, at: count.data.at }}
              whom={t("customers.matching", {
                total: formatCount(count.data.count, i18n.language),
              })}
              columns={columnsFor(names)}
            />
          )}
        </div>
      }
    >
      {count.isError && !isMistake(count.error) && (
        <ProblemAlert error={count.error} retry={() => count.refetch()} />
      )}
      <Heavy gate={gate} />
      {mayRead && gate.heavy === null && count.data && (
        <div
          className={styles.matching}
          data-split={person !== null}
          aria-busy={count.isPlaceholderData}
        >
          <div className={styles.people}>
            {count.data.count === 0 ? (
              <p className={styles.none}>{t("question.nobody_title")}</p>
            ) : (
              <PeopleList
                {...{ rule, at, addressOf }}
                total={count.data.count}
                chosen={person}
                stay
              />
            )}
          </div>
          {person !== null && (
            <div className={styles.person}>
              {renderPerson(person, { rule, at }, () => setSearch(without()))}
            </div>
          )}
        </div>
      )}
    </Panel>
  );
}

const isMistake = (error: unknown) => error instanceof ProblemError && error.isRuleMistake;

interface CountProps extends Pick<Props, "draft"> {
  gate: Gate;
  count: ReturnType<typeof useLiveCount>;
  rule: string;
}

function Count({ draft, gate, count, rule }: CountProps) {
  const { t, i18n } = useTranslation();
  if (draft.wrong || count.isError || gate.heavy !== null)
    return <span className={styles.count}>–</span>;
  const current = draft.text.trim() === rule && !count.isPlaceholderData;
  if (!count.data) return <WaitingBox className={styles.counting} />;
  const rounded = roundedCount(count.data.count, i18n.language);
  return (
    <span className={styles.count} aria-live="polite" aria-busy={!current}>
      <Link to={questionAddress({ rule })} data-testid="live_count">
        {formatCount(count.data.count, i18n.language)}
      </Link>
      <span className={styles.rounded}>
        {t("question.people_unit", { count: count.data.count })}
        {rounded && ` · ${t("question.about", { rounded })}`}
      </span>
    </span>
  );
}
