import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { problemOf } from "@/api/problem";
import { ConfirmButton } from "@/components/confirm_button";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { PageSkeleton } from "@/components/page_skeleton";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import type { RiverPick } from "@/components/river";
import { modelEditAddress } from "./address";
import { useDeleteModel, useModel, useSaveModel } from "./asking";
import styles from "./lifecycle.module.css";
import { Marks } from "./models_page";
import { PeoplePanel } from "./people_panel";
import { PULSE_DAYS, Pulse } from "./pulse";
import { RiverPanel } from "./river_panel";
import { StageCards } from "./stage_cards";
import type { Model } from "./types";
import { useCalled } from "./use_called";
import { useSaid } from "./use_said";
import { useSpan } from "./use_span";
import { Versions } from "./versions";
import { Warnings } from "./warnings";

// One model: its stages, how they have grown, who goes from where to where.
export default function ModelPage() {
  const { t } = useTranslation();
  const { model: key = "" } = useParams();
  const model = useModel(key);
  if (model.data) return <Shown key={key} model={model.data} />;
  if (!model.isError) return <PageSkeleton />;
  if (problemOf(model.error).status !== 404) {
    return <ProblemAlert error={model.error} retry={() => model.refetch()} />;
  }
  return (
    <EmptyState title={t("lifecycle.gone_title")} text={t("lifecycle.gone_text")}>
      <Link to="/lifecycle">{t("lifecycle.to_models")}</Link>
    </EmptyState>
  );
}

const PICKED = ["stage", "stage_from", "stage_to"];

function Shown({ model }: { model: Model }) {
  const { t } = useTranslation();
  const said = useSaid();
  const [search, setSearch] = useSearchParams();
  const span = useSpan();
  const asked = Number(search.get("days"));
  const days = PULSE_DAYS.includes(asked) ? asked : 30;
  const changed = (next: Record<string, string | undefined>) => {
    const parameters = new URLSearchParams(search);
    for (const [name, value] of Object.entries(next)) {
      if (value === undefined) parameters.delete(name);
      else parameters.set(name, value);
    }
    return parameters;
  };
  const unpicked = Object.fromEntries(PICKED.map((name) => [name, undefined]));
  const pick = ({ from, to }: RiverPick) =>
    setSearch(changed({ ...unpicked, stage_from: from, stage_to: to }), {
      preventScrollReset: true,
    });
  return (
    <article data-testid="model">
      <PageHead
        title={said(model.label)}
        lead={said(model.description)}
        back={{ to: "/lifecycle", label: t("lifecycle.to_models") }}
        actions={<Actions model={model} />}
      />
      <p>
        <Marks row={model} />{" "}
        <span className={styles.as_of}>
          {t("question.as_of")} <Moment value={model.at} exact brief />
        </span>
      </p>
      <Warnings warnings={model.warnings} stages={model.stages} />
      {model.used_by.length > 0 && (
        <p className={styles.quiet} data-testid="used_by">
          {t("audience.used_by")} {model.used_by.join(t("value.separator"))}
        </p>
      )}
      <StageCards model={model} peopleAddress={(stage) => `?${changed({ ...unpicked, stage })}`} />
      <Picked model={model} onClose={() => setSearch(changed(unpicked))} />
      <Pulse
        model={model}
        days={days}
        onDays={(value) =>
          setSearch(changed({ days: String(value) }), { replace: true, preventScrollReset: true })
        }
        onDay={span.setFrom}
      />
      <RiverPanel model={model} span={span} onPick={pick} />
      <Panel title={t("audience.versions")}>
        <Versions model={model} />
      </Panel>
    </article>
  );
}

// The people of what was chosen: a stage now, or a flow between the river's two moments.
function Picked({ model, onClose }: { model: Model; onClose(): void }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const { between } = useSpan();
  const called = useCalled(model.stages);
  const stage = search.get("stage");
  const [from, to] = [search.get("stage_from"), search.get("stage_to")];
  if (stage !== null) {
    return (
      <PeoplePanel
        key={stage}
        title={t("lifecycle.people_in", { stage: called(stage) })}
        whom={{ kind: "stage", model: model.key, stage }}
        rule={`stage ${JSON.stringify(model.key)} = ${JSON.stringify(stage)}`}
        onClose={onClose}
      />
    );
  }
  if (from === null && to === null) return null;
  const title =
    from === null
      ? t("lifecycle.people_then", { stage: called(to ?? "") })
      : to === null
        ? t("lifecycle.people_before", { stage: called(from) })
        : t("river.flow", { from: called(from), to: called(to) });
  return (
    <PeoplePanel
      key={`${from}>${to}`}
      title={title}
      whom={{
        kind: "flow",
        model: model.key,
        between,
        ...(from === null ? {} : { from }),
        ...(to === null ? {} : { to }),
      }}
      onClose={onClose}
    />
  );
}

function Actions({ model }: { model: Model }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const said = useSaid();
  const mayWrite = useMay("audiences.write");
  const remove = useDeleteModel(model.key);
  const save = useSaveModel(model.key);
  if (!mayWrite) return null;
  const { version, active } = model;
  return (
    <>
      <Button type="primary" onClick={() => void navigate(modelEditAddress(model.key))}>
        {t("lifecycle.edit")}
      </Button>
      <ConfirmButton
        label={active ? t("lifecycle.pause") : t("lifecycle.resume")}
        sentence={active ? t("lifecycle.pause_sentence") : t("lifecycle.resume_sentence")}
        onConfirm={() => save.mutateAsync({ version, active: !active })}
      />
      <ConfirmButton
        label={t("lifecycle.delete")}
        sentence={t("lifecycle.delete_sentence", { model: said(model.label) })}
        onConfirm={async () => {
          await remove.mutateAsync(version);
          void navigate("/lifecycle");
        }}
      />
    </>
  );
}
