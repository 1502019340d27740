import { Input } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Answered } from "@/components/answered";
import { DataTable } from "@/components/data_table";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { Totals } from "@/components/totals";
import { useDebounced } from "@/components/use_debounced";
import { customerAddress } from "@/text/address";
import { titleOf } from "@/text/customer";
import { formatCount, formatShare } from "@/text/number";
import { formatMoney } from "@/text/value";
import { useValue, useWinBack, type WinBackQuestion } from "./asking";
import { HowGood } from "./how_good";
import styles from "./rhythm.module.css";
import type { WinBack } from "./types";

const WAIT_MS = 400;
const DAYS_MAX = 730;
const USUAL = { cost: "10", days: "90", margin: "40", success: "10" };

// Keep or let go: of whom winning back is worth what it costs.
export default function WinBackPage() {
  const { t } = useTranslation();
  const value = useValue();
  return (
    <>
      <PageHead
        title={t("page.win_back")}
        lead={t("win_back.lead")}
        back={{ to: "/lifecycle/rhythm", label: t("page.rhythm") }}
      />
      <Answered query={value} rows={7}>
        {({ state }) =>
          state === "ready" ? (
            <Asked />
          ) : (
            <Panel>
              <EmptyState title={t("win_back.empty_title")} text={t("win_back.empty_text")}>
                <Link to="/lifecycle/rhythm">{t("win_back.see_why")}</Link>
              </EmptyState>
            </Panel>
          )
        }
      </Answered>
    </>
  );
}

// null: what is written is no such question.
export function questionOf(of: (name: keyof typeof USUAL) => string): WinBackQuestion | null {
  const [cost, days] = [of("cost").trim(), of("days").trim()];
  const [margin, success] = [shareOf(of("margin")), shareOf(of("success"))];
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(cost) || !/^\d{1,4}$/.test(days)) return null;
  if (margin === null || success === null || Number(cost) <= 0) return null;
  const ahead = Number(days);
  if (ahead < 1 || ahead > DAYS_MAX) return null;
  return { cost: Number(cost).toFixed(2), days: ahead, margin, success };
}

// "40" percent as "0.4".
function shareOf(text: string): string | null {
  const percent = Number(text.trim());
  const isShare = /^\d{1,3}(\.\d{1,2})?$/.test(text.trim()) && percent > 0 && percent <= 100;
  return isShare ? String(percent / 100) : null;
}

function Asked() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const of = (name: keyof typeof USUAL) => search.get(name) ?? USUAL[name];
  const change = (name: string, text: string) => {
    const next = new URLSearchParams(search);
    next.set(name, text);
    setSearch(next, { replace: true });
  };
  const settled = useDebounced(JSON.stringify(questionOf(of)), WAIT_MS);
  const question = JSON.parse(settled) as WinBackQuestion | null;
  return (
    <>
      <Panel title={t("win_back.question")} lead={t("win_back.question_lead")}>
        <div className={styles.fields}>
          <Field label={t("win_back.cost")} value={of("cost")} name="cost" onChange={change} />
          <Field
            label={t("win_back.margin")}
            value={of("margin")}
            name="margin"
            onChange={change}
          />
          <Field
            label={t("win_back.success")}
            value={of("success")}
            name="success"
            onChange={change}
          />
          <Field label={t("win_back.days")} value={of("days")} name="days" onChange={change} />
        </div>
        {questionOf(of) === null && (
          <p role="alert" className={styles.wrong}>
            {t("win_back.wrong")}
          </p>
        )}
      </Panel>
      {question && <Answer question={question} />}
    </>
  );
}

interface FieldProps {
  label: string;
  name: string;
  value: string;
  onChange(name: string, text: string): void;
}

function Field({ label, name, value, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(name, event.target.value)}
      />
    </div>
  );
}

function Answer({ question }: { question: WinBackQuestion }) {
  const { t, i18n } = useTranslation();
  const mayRead = useMay("customers.read");
  const answer = useWinBack(question, true);
  const figure = (value: number) => formatCount(value, i18n.language);
  return (
    <Panel title={t("win_back.answer")} testId="answer">
      <Answered query={answer} rows={6}>
        {({ pages }) => {
          const [first] = pages;
          if (!first) return null;
          return (
            <div aria-busy={answer.isPlaceholderData}>
              <Totals
                figures={[
                  [t("win_back.worth"), figure(first.worth)],
                  [t("win_back.not_worth"), figure(first.not_worth)],
                  [t("win_back.total_cost"), formatMoney(first.total_cost)],
                  [t("win_back.expected_value"), formatMoney(first.expected_value)],
                ]}
              />
              <p className={styles.note}>
                {t("win_back.note")} {t("question.as_of")} <Moment value={first.at} exact brief />
              </p>
              <HowGood />
              {mayRead && <People people={pages.flatMap(({ people }) => people)} />}
              <MoreRows pages={answer} />
            </div>
          );
        }}
      </Answered>
    </Panel>
  );
}

function People({ people }: { people: WinBack["people"] }) {
  const { t, i18n } = useTranslation();
  return (
    <DataTable
      label={t("win_back.people")}
      rows={people}
      keyOf={({ id }) => id}
      empty={t("win_back.nobody")}
      columns={[
        {
          key: "customer",
          title: t("page.customer"),
          render: ({ id, key, name }) => (
            <Link to={customerAddress({ id })}>{titleOf({ key, name })}</Link>
          ),
        },
        {
          key: "p_alive",
          title: t("win_back.p_alive"),
          figures: true,
          render: ({ p_alive }) => formatShare(p_alive, i18n.language),
        },
        {
          key: "gain",
          title: t("win_back.gain"),
          figures: true,
          render: ({ gain }) => formatMoney(gain),
        },
        {
          key: "break_even",
          title: t("win_back.break_even"),
          figures: true,
          render: ({ break_even }) => formatShare(break_even, i18n.language),
        },
      ]}
    />
  );
}
