import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { Behind } from "@/components/behind";
import { Moment } from "@/components/moment";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { audienceAddress, questionAddress } from "@/text/address";
import { spelled } from "@/text/token";
import { type Memberships, useMemberships } from "./life";
import styles from "./life.module.css";
import { Stages } from "./stages";

// The audiences somebody is in and their stage in every model, since when and until when.
export function MembershipsPanel({ customer }: { customer: string }) {
  const { t } = useTranslation();
  const memberships = useMemberships(customer);
  return (
    <Panel title={t("memberships.title")} testId="memberships">
      <Answered query={memberships} rows={4}>
        {(known) => (
          <>
            {known.test_account && <p className={styles.note}>{t("memberships.test_account")}</p>}
            <Behind answer={known} />
            <h3 className={styles.title}>{t("memberships.stages")}</h3>
            {known.stages.length === 0 ? (
              <p className={styles.none}>{t("memberships.no_models")}</p>
            ) : (
              <Stages customer={customer} stages={known.stages} />
            )}
            <h3 className={styles.title}>{t("memberships.audiences")}</h3>
            {known.audiences.length === 0 ? (
              <p className={styles.none}>{t("memberships.no_audiences")}</p>
            ) : (
              <Audiences customer={customer} audiences={known.audiences} />
            )}
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface Props {
  customer: string;
  audiences: Memberships["audiences"];
}

function Audiences({ customer, audiences }: Props) {
  const { t } = useTranslation();
  const mayAsk = useMay("audiences.read");
  return (
    <ul className={styles.list}>
      {audiences.map(({ id, name, since, until }) => (
        <li key={id}>
          <div className={styles.line}>
            {mayAsk ? <Link to={audienceAddress(id)}>{name}</Link> : name}
            {mayAsk && (
              <Link
                className={styles.why ?? ""}
                to={questionAddress({ rule: `audience ${spelled(name, true)}`, person: customer })}
                aria-label={t("memberships.why_of", { name })}
              >
                {t("memberships.why")}
              </Link>
            )}
          </div>
          <Times since={since} until={until} />
        </li>
      ))}
    </ul>
  );
}

interface TimesProps {
  since: string | null;
  until: string | null;
  // What comes then.
  next?: string | undefined;
}

// Since when, and until when if nothing else happens.
export function Times({ since, until, next }: TimesProps) {
  const { t } = useTranslation();
  return (
    <small className={styles.times}>
      {since ? (
        <span>
          {t("memberships.since")} <Moment value={since} exact />
        </span>
      ) : (
        <span>{t("memberships.always")}</span>
      )}
      {until ? (
        <span>
          {t("memberships.until")} <Moment value={until} exact />
          {next !== undefined && ` ${t("memberships.becomes", { stage: next })}`}
        </span>
      ) : (
        <span>{t("memberships.for_ever")}</span>
      )}
    </small>
  );
}
