import { CloseOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useTranslation } from "react-i18next";
import type { Names } from "@/api/names";
import { AttributeBlock } from "./attribute_block";
import { NameChoice } from "./block_fields";
import { asWords, type Kind, kindOf, kindsFor, newAttributeTest, newTest } from "./blocks";
import styles from "./blocks.module.css";
import { DidBlock, FirstLastBlock, SequenceBlock } from "./event_block";
import type { AttributeTest, Chain, Membership, RuleNode } from "./tree";

// What the tests of a group are about: customers, or the event of a filter.
interface About {
  names: Names;
  subjects: Names["attributes"];
  ofEvent: boolean;
}

interface Props {
  // null: nothing yet.
  block: RuleNode | null;
  names: Names;
  onChange(block: RuleNode | null): void;
}

// A whole rule.
export function RuleBlock({ block, names, onChange }: Props) {
  const about = { names, subjects: names.attributes, ofEvent: false };
  return <Group block={asChain(block)} about={about} onChange={(next) => onChange(whole(next))} />;
}

interface FilterProps extends Props {
  subjects: Names["attributes"];
}

// What is asked of one event.
export function FilterBlock({ block, names, subjects, onChange }: FilterProps) {
  const about = { names, subjects, ofEvent: true };
  return <Group block={asChain(block)} about={about} onChange={(next) => onChange(whole(next))} />;
}

function asChain(block: RuleNode | null): Chain {
  if (block === null) return { type: "and", parts: [] };
  return block.type === "and" || block.type === "or" ? block : { type: "and", parts: [block] };
}

function whole(chain: Chain | null): RuleNode | null {
  if (chain === null || chain.parts.length === 0) return null;
  return chain;
}

interface GroupProps {
  block: Chain;
  about: About;
  // null: its last part has gone.
  onChange(block: Chain | null): void;
}

function Group({ block, about, onChange }: GroupProps) {
  const { t } = useTranslation();
  const { type, parts } = block;
  const set = (next: RuleNode[]) => onChange(next.length === 0 ? null : { type, parts: next });
  const fresh = (): RuleNode => {
    if (about.ofEvent) return newAttributeTest(about.subjects);
    return newTest(kindsFor(about.names)[0] ?? "everyone", about.names);
  };
  const other = type === "and" ? "or" : "and";
  return (
    <div className={styles.group} data-type={type}>
      {parts.length > 1 && (
        <NameChoice
          label={t("block.joined")}
          names={["and", "or"]}
          value={type}
          labelOf={(each) => t(`block.join.${each as Chain["type"]}`)}
          onChange={(next) => onChange({ type: next as Chain["type"], parts })}
        />
      )}
      <ul className={styles.parts}>
        {parts.map((part, index) => (
          <li key={index} className={styles.part}>
            <Item
              {...{ block: part, about }}
              onChange={(next) =>
                set(
                  next === null
                    ? parts.filter((_, each) => each !== index)
                    : parts.with(index, next),
                )
              }
            />
          </li>
        ))}
      </ul>
      <div className={styles.line}>
        <button type="button" className={styles.more} onClick={() => set([...parts, fresh()])}>
          {t("block.add_test")}
        </button>
        {parts.length > 0 && (
          <button
            type="button"
            className={styles.more}
            onClick={() => set([...parts, { type: other, parts: [fresh()] }])}
          >
            {t("block.add_group")}
          </button>
        )}
      </div>
    </div>
  );
}

interface ItemProps {
  block: RuleNode;
  about: About;
  onChange(block: RuleNode | null): void;
}

// A test or a group of a group: it can be turned round and taken away.
function Item({ block, about, onChange }: ItemProps) {
  const { t } = useTranslation();
  const negated = block.type === "not";
  const inner = negated ? block.part : block;
  const set = (next: RuleNode | null) =>
    onChange(negated && next !== null ? { type: "not", part: next } : next);
  return (
    <div className={styles.item} data-negated={negated}>
      <button
        type="button"
        className={styles.not}
        aria-pressed={negated}
        title={t("block.not")}
        onClick={() => onChange(negated ? inner : { type: "not", part: block })}
      >
        {t("block.not_short")}
      </button>
      <div className={styles.body}>
        {inner.type === "not" ? (
          <Item {...{ block: inner, about }} onChange={set} />
        ) : inner.type === "and" || inner.type === "or" ? (
          <Group {...{ block: inner, about }} onChange={set} />
        ) : (
          <Test {...{ block: inner, about }} onChange={set} />
        )}
      </div>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t("block.remove")}
        title={t("block.remove")}
        onClick={() => onChange(null)}
      />
    </div>
  );
}

const OF_EVENTS: readonly Kind[] = ["attribute", "words"];

function Test({ block, about, onChange }: ItemProps) {
  const { t } = useTranslation();
  const kind = kindOf(block);
  const offered = about.ofEvent ? OF_EVENTS : kindsFor(about.names);
  const choose = (next: Kind) => {
    if (next === "words") return onChange(asWords(block));
    if (about.ofEvent) return onChange(newAttributeTest(about.subjects));
    onChange(newTest(next, about.names));
  };
  return (
    <div className={styles.line}>
      {(!about.ofEvent || kind === "words") && (
        <NameChoice
          label={t("block.kind_of_test")}
          names={offered}
          value={kind}
          labelOf={(each) => t(`block.kind.${each as Kind}`)}
          onChange={(next) => choose(next as Kind)}
        />
      )}
      <Body {...{ block, about, onChange }} />
    </div>
  );
}

function Body({ block, about: { names, subjects, ofEvent }, onChange }: ItemProps) {
  const { t } = useTranslation();
  switch (block.type) {
    case "did":
      return <DidBlock step={block} names={names} onChange={onChange} />;
    case "first":
    case "last":
      return <FirstLastBlock step={block} names={names} onChange={onChange} />;
    case "sequence":
      return <SequenceBlock sequence={block} names={names} onChange={onChange} />;
    case "tag":
    case "any_tag":
    case "audience":
    case "consents":
    case "identity":
      return <MembershipBlock {...{ test: block, names, onChange }} />;
    case "everyone":
      return null;
    case "words":
      return (
        <Input.TextArea
          className={styles.words ?? ""}
          rows={rowsOf(block.text)}
          spellCheck={false}
          aria-label={t("block.words")}
          value={block.text}
          onChange={(event) => onChange({ ...block, text: event.target.value })}
        />
      );
    default:
      return (
        <AttributeBlock
          test={block as AttributeTest}
          {...{ subjects, ofEvent }}
          onChange={onChange}
        />
      );
  }
}

const CHARACTERS_A_ROW = 44;
const ROWS_MAX = 8;

function rowsOf(text: string): number {
  const rows = text
    .split("\n")
    .map((line) => Math.max(1, Math.ceil(line.length / CHARACTERS_A_ROW)));
  return Math.min(
    ROWS_MAX,
    rows.reduce((sum, each) => sum + each, 0),
  );
}

interface MembershipProps {
  test: Membership;
  names: Names;
  onChange(test: Membership): void;
}

function MembershipBlock({ test, names, onChange }: MembershipProps) {
  const { t } = useTranslation();
  switch (test.type) {
    case "tag":
      return (
        <NameChoice
          label={t("block.kind.tag")}
          names={names.tags}
          value={test.tag}
          onChange={(tag) => onChange({ type: "tag", tag })}
        />
      );
    case "any_tag":
      return (
        <NameChoice
          label={t("block.kind.any_tag")}
          names={names.tag_groups}
          value={test.group}
          onChange={(group) => onChange({ type: "any_tag", group })}
        />
      );
    case "audience":
      return (
        <NameChoice
          label={t("block.kind.audience")}
          names={[...names.audiences, ...names.lists]}
          value={test.audience}
          onChange={(audience) => onChange({ type: "audience", audience })}
        />
      );
    case "consents":
      return (
        <>
          <NameChoice
            label={t("block.purpose")}
            names={names.purposes}
            value={test.purpose}
            onChange={(purpose) => onChange({ ...test, purpose })}
          />
          <NameChoice
            label={t("block.channel")}
            names={["", ...names.channels]}
            value={test.channel ?? ""}
            labelOf={(each) => each || t("block.every_channel")}
            onChange={(channel) => {
              const { purpose } = test;
              onChange({ type: "consents", purpose, ...(channel === "" ? {} : { channel }) });
            }}
          />
        </>
      );
    case "identity":
      return (
        <NameChoice
          label={t("block.kind.identity")}
          names={names.identity_kinds}
          value={test.kind}
          onChange={(kind) => onChange({ type: "identity", kind })}
        />
      );
  }
}
