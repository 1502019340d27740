// A model being written: what is in its fields, and what of it is sent.
import type { Model, ModelChange, NewModel, NewStage, Said } from "./types";

export interface StageDraft {
  // Of this page alone: it stays when the stage is moved or called otherwise.
  id: number;
  key: string;
  // Its key can still be chosen: nothing refers to it.
  fresh: boolean;
  label: Said;
  // Its rule in words; may be empty.
  description: Said;
  rule: string;
  // The rule has a mistake.
  wrong: boolean;
}

export interface ModelDraft {
  key: string;
  label: Said;
  description: Said;
  stages: StageDraft[];
}

export const KEY = /^[a-z][a-z0-9_]{0,63}$/;

export function draftOf(model: Model | null): ModelDraft {
  if (model === null) {
    const stages = [stageAfter([])];
    return { key: "", label: { zh: "", en: "" }, description: { zh: "", en: "" }, stages };
  }
  const { key, label, description, stages } = model;
  return {
    key,
    label,
    description,
    stages: stages.map((stage, id) => ({
      id,
      key: stage.key,
      fresh: false,
      label: stage.label,
      description: stage.description,
      rule: stage.rule,
      wrong: false,
    })),
  };
}

// One more, with a key none has.
export function stageAfter(stages: readonly StageDraft[]): StageDraft {
  const id = 1 + Math.max(-1, ...stages.map((stage) => stage.id));
  let number = stages.length + 1;
  while (stages.some(({ key }) => key === `stage_${number}`)) ++number;
  const none = { zh: "", en: "" };
  const key = `stage_${number}`;
  return { id, key, fresh: true, label: none, description: none, rule: "", wrong: false };
}

// The one at `from` comes to stand at `to`.
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const one = list[from];
  const place = Math.max(0, Math.min(to, rest.length));
  return one === undefined ? [...list] : [...rest.slice(0, place), one, ...rest.slice(place)];
}

export const stagesOf = ({ stages }: ModelDraft): NewStage[] =>
  stages.map(({ key, label, description, rule }) => ({
    key,
    label: trimmed(label),
    description: trimmed(description),
    rule: rule.trim(),
  }));

const trimmed = ({ zh, en }: Said): Said => ({ zh: zh.trim(), en: en.trim() });
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export const newModelOf = (draft: ModelDraft): NewModel => ({
  key: draft.key.trim(),
  label: trimmed(draft.label),
  description: trimmed(draft.description),
  stages: stagesOf(draft),
});

// What differs from the saved model; null: nothing does.
export function changeOf(model: Model, draft: ModelDraft): ModelChange | null {
  const before = draftOf(model);
  const label = trimmed(draft.label);
  const description = trimmed(draft.description);
  const change: ModelChange = {
    version: model.version,
    ...(same(label, trimmed(before.label)) ? {} : { label }),
    ...(same(description, trimmed(before.description)) ? {} : { description }),
    ...(same(stagesOf(draft), stagesOf(before)) ? {} : { stages: stagesOf(draft) }),
  };
  return Object.keys(change).length > 1 ? change : null;
}

// Whether people may move by it: names alone move nobody.
export function mayMovePeople(model: Model, draft: ModelDraft): boolean {
  const rules = (stages: readonly NewStage[]) => stages.map(({ key, rule }) => [key, rule]);
  return !same(rules(stagesOf(draft)), rules(stagesOf(draftOf(model))));
}

// Keys no stage can have: flows call newcomers so.
const TAKEN = ["new"];

export type Fault = "key" | "key_taken" | "label" | "rule" | "rule_wrong";

// What keeps a stage from being saved.
export function faultOf(stage: StageDraft, stages: readonly StageDraft[]): Fault | null {
  if (!KEY.test(stage.key) || TAKEN.includes(stage.key)) return "key";
  if (stages.some((each) => each !== stage && each.key === stage.key)) return "key_taken";
  if (!isNamed(stage.label)) return "label";
  if (stage.rule.trim() === "") return "rule";
  return stage.wrong ? "rule_wrong" : null;
}

// In both languages: whoever reads the other one is to know it, too.
const isNamed = ({ zh, en }: Said): boolean => zh.trim() !== "" && en.trim() !== "";

export const isComplete = (draft: ModelDraft): boolean =>
  KEY.test(draft.key) &&
  isNamed(draft.label) &&
  draft.stages.length > 0 &&
  draft.stages.every((stage) => faultOf(stage, draft.stages) === null);
