import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { ledgerAccountAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { useProof } from "./asking";
import styles from "./ledger.module.css";

// Whether the books balance; where not, what is wrong and what to do.
export function Books() {
  const { t, i18n } = useTranslation();
  const proof = useProof();
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <Panel title={t("ledger.books")} testId="books">
      <Answered query={proof} rows={1}>
        {({ state, proved_at, accounts, postings, wrong }) => (
          <>
            <p role="status" className={styles.books} data-state={state}>
              <span className={styles.dot} aria-hidden="true" />
              <strong>{t(`ledger.proof.${state}`)}</strong>
              {proved_at !== null && (
                <span className={styles.quiet}>
                  {t("ledger.proved", { accounts: count(accounts), postings: count(postings) })}
                  {" · "}
                  <Moment value={proved_at} />
                </span>
              )}
            </p>
            <p className={styles.todo}>{t(`ledger.proof_todo.${state}`)}</p>
            {wrong.length > 0 && (
              <ul className={styles.wrong}>
                {wrong.map((where) => (
                  <li key={where}>
                    <Wrong where={where} />
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

// "account 7 posted", as the proof writes it: in words, with the way to the account.
function Wrong({ where }: { where: string }) {
  const { t, i18n } = useTranslation();
  const [thing = "", id = "", ...rest] = where.split(" ");
  const key = `ledger.wrong_is.${thing}.${rest.join("_") || "any"}`;
  if (!/^[a-z]+$/.test(thing) || !i18n.exists(key)) return where;
  const sentence = (t as (key: string, values: object) => string)(key, { id });
  return thing === "account" ? (
    <Link to={ledgerAccountAddress(Number(id))}>{sentence}</Link>
  ) : (
    sentence
  );
}
