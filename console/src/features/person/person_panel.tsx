import { ArrowLeftOutlined, CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { problemOf } from "@/api/problem";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { ProblemAlert } from "@/components/problem_alert";
import { customerAddress } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import { ExplanationView } from "./explanation";
import { HistoryView } from "./history";
import styles from "./person_panel.module.css";
import { RecordView } from "./record";
import { useExplanation, useRecord } from "./records";

interface Props {
  customer: string;
  // Empty: no question, only the record.
  rule: string;
  // null: the moment of the question is not known yet.
  at: string | null;
  onClose(): void;
  onAskAt(moment: string): void;
}

export function PersonPanel({ customer, rule, at, onClose, onAskAt }: Props) {
  const { t } = useTranslation();
  const record = useRecord(customer);
  // Nobody there: said once, not in every part.
  const gone = record.isError && problemOf(record.error).status === 404;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // On the phone the list gives way to the record, or stands above it: start reading at its head.
    if (!window.matchMedia("(max-width: 959px)").matches) return;
    heading.current?.closest("article")?.scrollIntoView({ block: "start" });
    heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <article
      className={styles.panel}
      aria-label={t("person.title")}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      data-testid="person"
    >
      <header className={styles.head}>
        <Button
          type="text"
          icon={<ArrowLeftOutlined />}
          className={styles.back ?? ""}
          onClick={onClose}
        >
          {t("person.back")}
        </Button>
        <div className={styles.who}>
          <h2 ref={heading} tabIndex={-1} className={styles.key}>
            {record.data ? titleOf(record.data) : customer}
          </h2>
          {record.data && <span className={styles.known}>{subtitleOf(record.data)}</span>}
          {record.data && (
            <>
              <span className={styles.known}>
                {t("person.known_since")} <Moment value={record.data.known_since} exact />
              </span>
              <Link to={customerAddress(record.data)} className={styles.open ?? ""}>
                {t("person.open_record")}
              </Link>
            </>
          )}
        </div>
        <Button
          type="text"
          icon={<CloseOutlined />}
          className={styles.close ?? ""}
          aria-label={t("person.close")}
          onClick={onClose}
        />
      </header>
      {gone ? (
        <div className={styles.section}>
          <ProblemAlert error={record.error} />
        </div>
      ) : (
        <Sections
          {...{ customer, rule, at, onAskAt }}
          record={
            record.isPending ? (
              <RecordView record={undefined} />
            ) : (
              <Answered query={record}>{(known) => <RecordView record={known} />}</Answered>
            )
          }
        />
      )}
    </article>
  );
}

function Sections({ record, ...why }: Omit<Props, "onClose"> & { record: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      {why.rule !== "" && (
        <Section title={t("person.why")}>
          <Why {...why} />
        </Section>
      )}
      <Section title={t("person.record")}>{record}</Section>
      <Section title={t("person.history")}>
        <HistoryView customer={why.customer} />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </section>
  );
}

function Why({ customer, rule, at, onAskAt }: Omit<Props, "onClose">) {
  return (
    <Answered query={useExplanation(customer, rule, at)} rows={4}>
      {(explanation) => <ExplanationView explanation={explanation} onAskAt={onAskAt} />}
    </Answered>
  );
}
