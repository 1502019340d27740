import { CheckCircleFilled, CloseCircleFilled } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Behind } from "@/components/behind";
import { Moment } from "@/components/moment";
import { RuleSentence } from "@/components/rule/rule_sentence";
import styles from "./explanation.module.css";
import { FactLine } from "./fact_line";
import { kindOf } from "./node_kind";

type Node = Schema["ExplainedNode"];

interface Props {
  explanation: Schema["Explanation"];
  onAskAt(moment: string): void;
}

export function ExplanationView({ explanation, onAskAt }: Props) {
  const { t } = useTranslation();
  const { answer, since, next_change, at, tree } = explanation;
  return (
    <div className={styles.explanation} data-testid="explanation">
      <div className={styles.verdict} data-answer={answer}>
        <Sign answer={answer} />
        <strong>{t(answer ? "person.matches" : "person.matches_not")}</strong>
        <span className={styles.at}>
          {t("person.as_of")} <Moment value={at} exact brief />
        </span>
      </div>
      <Behind answer={explanation} />
      <dl className={styles.times}>
        <dt>{t("person.since")}</dt>
        <dd>{since ? <Moment value={since} exact /> : t("person.always")}</dd>
        <dt>{t("person.next_change")}</dt>
        <dd>
          {next_change ? (
            <>
              <Moment value={next_change} exact />
              <Button
                type="link"
                size="small"
                className={styles.then ?? ""}
                onClick={() => onAskAt(next_change)}
              >
                {t("person.ask_then")}
              </Button>
            </>
          ) : (
            t("person.never")
          )}
        </dd>
      </dl>
      <ul className={styles.tree}>
        <TreeNode node={tree} />
      </ul>
    </div>
  );
}

function TreeNode({ node }: { node: Node }) {
  const { t } = useTranslation();
  const kind = kindOf(node);
  const joined = kind === "all" || kind === "any";
  const more = node.facts_total - node.facts.length;
  return (
    <li className={styles.node} data-answer={node.answer}>
      <div className={styles.line}>
        <Sign answer={node.answer} />
        {joined ? (
          <span className={styles.joined}>{t(`person.node.${kind}`)}</span>
        ) : (
          <span className={styles.rule}>
            <RuleSentence rule={node.rule} />
          </span>
        )}
        <NodeTimes node={node} />
      </div>
      {node.facts.length > 0 && (
        <ul className={styles.facts}>
          {node.facts.map((fact, index) => (
            <FactLine key={index} fact={fact} />
          ))}
          {more > 0 && <li>{t("person.more_facts", { count: more })}</li>}
        </ul>
      )}
      {node.parts.length > 0 && (
        <ul className={styles.parts}>
          {node.parts.map((part, index) => (
            <TreeNode key={index} node={part} />
          ))}
        </ul>
      )}
    </li>
  );
}

function NodeTimes({ node }: { node: Node }) {
  const { t } = useTranslation();
  if (!node.since && !node.next_change) return null;
  return (
    <span className={styles.when}>
      {node.since && (
        <span>
          {t("person.node_since")} <Moment value={node.since} exact />
        </span>
      )}
      {node.next_change && (
        <span>
          {t("person.node_until")} <Moment value={node.next_change} exact />
        </span>
      )}
    </span>
  );
}

function Sign({ answer }: { answer: boolean }) {
  const { t } = useTranslation();
  const Icon = answer ? CheckCircleFilled : CloseCircleFilled;
  return (
    <span className={styles.sign} data-answer={answer}>
      <Icon aria-hidden />
      <span className="for-readers">{t(answer ? "person.true" : "person.false")}</span>
    </span>
  );
}
