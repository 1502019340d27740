// A value of an attribute as it is written into a field, and back.
import type { Schema } from "@/api/client";
import { pickedWall } from "@/text/moment";

type ValueType = Schema["ValueType"];

const FORMS: Partial<Record<ValueType, RegExp>> = {
  int: /^-?\d{1,18}$/,
  decimal: /^-?\d+(\.\d+)?$/,
  money: /^-?\d+(\.\d+)?$/,
  date: /^(\d{4}-\d\d-\d\d|--\d\d-\d\d)$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/,
  bool: /^(true|false)$/,
};

export function draftOf(value: unknown, type: ValueType, zone: string): string {
  if (value === null || value === undefined) return "";
  if (type === "time") return pickedWall(String(value), zone);
  return Array.isArray(value) ? value.join("\n") : String(value);
}

// What is sent; undefined: the field holds no value of this type. A moment is the workspace's.
export function readDraft(draft: string, type: ValueType): unknown {
  const text = draft.trim();
  const form = FORMS[type];
  if (text === "" || (form && !form.test(text))) return undefined;
  if (type === "int" && Number.isSafeInteger(Number(text))) return Number(text);
  if (type === "bool") return text === "true";
  if (type === "text_list") {
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  }
  return text;
}
