import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { problemOf } from "@/api/problem";
import { EmptyState } from "@/components/empty_state";
import { PageSkeleton } from "@/components/page_skeleton";
import { ProblemAlert } from "@/components/problem_alert";
import { useAudience } from "./asking";
import { Editor } from "./editor";

export interface Question {
  rule: string;
  at: string | null;
}

export type RenderPerson = (person: string, question: Question, onClose: () => void) => ReactNode;

interface Props {
  // Of the address; NaN: a new one.
  id: number;
  // One person beside the people: why they are in it or not.
  renderPerson: RenderPerson;
}

export function AudiencePage({ id, renderPerson }: Props) {
  const [search] = useSearchParams();
  if (!Number.isNaN(id)) return <Saved {...{ id, renderPerson }} />;
  return <Editor saved={null} rule={search.get("rule") ?? ""} renderPerson={renderPerson} />;
}

function Saved({ id, renderPerson }: Props) {
  const { t } = useTranslation();
  const audience = useAudience(id);
  if (audience.data) {
    return (
      <Editor
        key={id}
        saved={audience.data}
        rule={audience.data.rule}
        renderPerson={renderPerson}
      />
    );
  }
  if (!audience.isError) return <PageSkeleton />;
  if (problemOf(audience.error).status !== 404) {
    return <ProblemAlert error={audience.error} retry={() => audience.refetch()} />;
  }
  return (
    <EmptyState title={t("audience.gone_title")} text={t("audience.gone_text")}>
      <Link to="/audiences">{t("audience.to_audiences")}</Link>
    </EmptyState>
  );
}
