import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/components/permissions";
import { audienceAddress, modelAddress } from "@/text/address";
import type { Move } from "./event_words";
import styles from "./life.module.css";
import { useStageWords } from "./stages";

// Which audience it was, or from which stage to which.
export function MoveWords({ move }: { move: Move }) {
  return move.kind === "audience" ? <OfAudience {...move} /> : <OfStage {...move} />;
}

function OfAudience({ id, name, found }: Extract<Move, { kind: "audience" }>) {
  const { t } = useTranslation();
  const mayAsk = useMay("audiences.read");
  return (
    <>
      {mayAsk ? <Link to={audienceAddress(id)}>{name}</Link> : <b>{name}</b>}
      {found && <b>{t(found === "in" ? "moves.entered" : "moves.left")}</b>}
    </>
  );
}

function OfStage({ model, from, to }: Extract<Move, { kind: "stage" }>) {
  const mayAsk = useMay("audiences.read");
  const { modelCalled, calledIn, colourOf } = useStageWords();
  const called = modelCalled(model);
  return (
    <>
      {mayAsk ? <Link to={modelAddress(model)}>{called}</Link> : <b>{called}</b>}
      <span>
        {calledIn(model, from)} →{" "}
        <b className={styles.stage}>
          <i style={{ background: colourOf(model, to) }} />
          {calledIn(model, to)}
        </b>
      </span>
    </>
  );
}
