import { useTranslation } from "react-i18next";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { Scrolled } from "@/components/scrolled";
import { formatCount } from "@/text/number";
import { type Draft, usePreview } from "./asking";
import type { StageDraft } from "./draft";
import shared from "./lifecycle.module.css";
import type { Model, Preview } from "./types";
import { useCalled } from "./use_called";
import { Warnings } from "./warnings";

interface Props {
  draft: Draft;
  // null: a new one.
  saved: Model | null;
  stages: readonly StageDraft[];
}

// How many people would be where, and who moves from where to where, before anything is saved.
export function PreviewOf({ draft, saved, stages }: Props) {
  const { t } = useTranslation();
  const preview = usePreview(draft, true);
  // Stages that are to go have no words in the draft.
  const all = [
    ...stages,
    ...(saved?.stages ?? []).filter(({ key }) => stages.every((stage) => stage.key !== key)),
  ];
  return (
    <Answered query={preview} rows={4}>
      {(answer) => (
        <div data-testid="preview">
          <Warnings warnings={answer.warnings} stages={all} />
          <Moves preview={answer} stages={all} />
          <Sizes preview={answer} stages={all} isNew={saved === null} />
          <p className={shared.as_of}>
            {t("question.as_of")} <Moment value={answer.at} exact brief />
          </p>
        </div>
      )}
    </Answered>
  );
}

interface ShownProps {
  preview: Preview;
  stages: readonly Pick<StageDraft, "key" | "label">[];
}

function Sizes({ preview, stages, isNew }: ShownProps & { isNew: boolean }) {
  const { t, i18n } = useTranslation();
  const called = useCalled(stages);
  const figure = (value: number) => formatCount(value, i18n.language);
  const signed = new Intl.NumberFormat(i18n.language, { signDisplay: "exceptZero" });
  return (
    <Scrolled label={t("lifecycle.sizes")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("lifecycle.stage")}</th>
            {!isNew && <th scope="col">{t("lifecycle.today")}</th>}
            <th scope="col">{t("lifecycle.then")}</th>
            {!isNew && <th scope="col">{t("lifecycle.change")}</th>}
          </tr>
        </thead>
        <tbody>
          {preview.stages.map(({ key, customers, now = 0 }) => (
            <tr key={key}>
              <th scope="row">{called(key)}</th>
              {!isNew && <td>{figure(now)}</td>}
              <td>{figure(customers)}</td>
              {!isNew && <td>{signed.format(customers - now)}</td>}
            </tr>
          ))}
          <tr>
            <th scope="row">{t("river.none")}</th>
            {!isNew && <td />}
            <td>{figure(preview.none)}</td>
            {!isNew && <td />}
          </tr>
        </tbody>
      </table>
    </Scrolled>
  );
}

// From where (rows) to where (columns); who stays is left out.
function Moves({ preview: { moves }, stages }: ShownProps) {
  const { t, i18n } = useTranslation();
  const called = useCalled(stages);
  const going = moves.filter(({ from, to, customers }) => from !== to && customers > 0);
  if (going.length === 0) return <p>{t("lifecycle.nobody_moves")}</p>;
  const order = [...stages.map(({ key }) => key), ""];
  const ends = (end: "from" | "to") =>
    order.filter((key) => going.some((move) => move[end] === key));
  const total = going.reduce((sum, { customers }) => sum + customers, 0);
  return (
    <>
      <p>
        {t("lifecycle.people_move", { count: total, people: formatCount(total, i18n.language) })}
      </p>
      <Scrolled label={t("lifecycle.moves")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("lifecycle.from_to")}</th>
              {ends("to").map((key) => (
                <th key={key} scope="col">
                  {called(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ends("from").map((from) => (
              <tr key={from}>
                <th scope="row">{called(from)}</th>
                {ends("to").map((to) => {
                  const move = going.find((each) => each.from === from && each.to === to);
                  return (
                    <td key={to}>{move ? formatCount(move.customers, i18n.language) : "\u2013"}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </>
  );
}
