import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useIsEmpty } from "@/api/anybody";
import { ProblemError } from "@/api/problem";
import { EmptyState } from "@/components/empty_state";
import { FirstImport } from "@/components/first_import";
import { PageHead } from "@/components/page_head";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { useCount } from "@/components/rule/asking";
import { type Gate, Heavy, useGate } from "@/components/rule/heavy";
import { PeopleList } from "@/components/rule/people_list";
import { RuleSentence, useSentences } from "@/components/rule/rule_sentence";
import { useTitle } from "@/components/use_title";
import { newAudienceAddress } from "@/text/address";
import { type QuestionAddress, useQuestionAddress } from "./address";
import { AskForm } from "./ask_form";
import { CountCard } from "./count_card";
import { Examples } from "./examples";
import styles from "./question_page.module.css";

interface Props {
  // Leads to one person without a question.
  finder: ReactNode;
  // One person's record beside the list; `at`: the moment of the count, null while it is taken.
  renderPerson(person: string, question: { rule: string; at: string | null }): ReactNode;
}

export function QuestionPage({ finder, renderPerson }: Props) {
  const { t } = useTranslation();
  const address = useQuestionAddress();
  const { rule, at, person, ask } = address;
  const gate = useGate({ rule, at });
  const count = useCount({ rule, at }, gate.open);
  const [sentence = rule] = useSentences([rule]);
  useTitle(rule === "" ? t("question.title") : sentence);

  return (
    <>
      <PageHead
        title={t("question.title")}
        actions={<div className={styles.finder}>{finder}</div>}
      />
      <div
        className={styles.page}
        data-person={person !== null}
        data-split={person !== null && rule !== ""}
      >
        <section className={styles.asking} aria-label={t("question.rule")}>
          <AskForm
            key={`${rule}\n${at}`}
            asked={{ rule, at }}
            onAsk={(question) => {
              if (question.rule !== rule || question.at !== at) ask(question);
              else if (gate.open) void count.refetch();
            }}
          />
          {rule === "" && person === null && (
            <Beginning onChoose={(example) => ask({ rule: example, at: null })} />
          )}
        </section>
        {rule !== "" && <Answer {...{ address, gate, count }} />}
        {person !== null && (
          <div className={styles.person}>
            {renderPerson(person, { rule, at: rule === "" ? at : (count.data?.at ?? null) })}
          </div>
        )}
      </div>
    </>
  );
}

function Beginning({ onChoose }: { onChoose(rule: string): void }) {
  const { t } = useTranslation();
  if (useIsEmpty()) return <FirstImport />;
  return (
    <EmptyState title={t("question.empty_title")} text={t("question.empty_text")}>
      <Examples onChoose={onChoose} />
    </EmptyState>
  );
}

function Nobody() {
  const { t } = useTranslation();
  if (useIsEmpty()) return <FirstImport />;
  return <EmptyState title={t("question.nobody_title")} text={t("question.nobody_text")} />;
}

interface AnswerProps {
  address: QuestionAddress;
  gate: Gate;
  count: ReturnType<typeof useCount>;
}

function Answer({ address, gate, count }: AnswerProps) {
  const { t } = useTranslation();
  const mayWrite = useMay("audiences.write");
  if (count.isError) {
    // A mistake in the rule is underlined where it is.
    if (count.error instanceof ProblemError && count.error.isRuleMistake) return null;
    return (
      <div className={styles.answer}>
        <ProblemAlert error={count.error} retry={() => count.refetch()} />
      </div>
    );
  }
  if (gate.heavy !== null) {
    return (
      <section className={styles.answer} aria-label={t("question.answer")}>
        <p className={styles.sentence}>
          <RuleSentence rule={address.rule} />
        </p>
        <div className={styles.heavy}>
          <Heavy gate={gate} />
        </div>
      </section>
    );
  }
  const nobody = count.data?.count === 0;
  return (
    <section className={styles.answer} aria-label={t("question.answer")}>
      <p className={styles.sentence}>
        <RuleSentence rule={address.rule} />
      </p>
      <CountCard count={count.data} />
      {mayWrite && count.data && (
        <Link to={newAudienceAddress(address.rule)} className={styles.save ?? ""}>
          {t("question.save")}
        </Link>
      )}
      {nobody ? (
        <Nobody />
      ) : (
        <PeopleList
          rule={address.rule}
          at={count.data?.at ?? null}
          total={count.data?.count}
          chosen={address.person}
          addressOf={address.addressOf}
        />
      )}
    </section>
  );
}
