// Values of attributes and properties as people read them. Words ("yes", "unknown") come from the
// caller, who knows the language.
import type { Schema } from "@/api/client";
import { formatMoment } from "./moment";

// What an attribute or a property can be.
export const VALUE_TYPES = [
  "text",
  "int",
  "decimal",
  "money",
  "bool",
  "time",
  "date",
  "text_list",
] as const satisfies readonly Schema["ValueType"][];

export interface ValueWords {
  unknown: string;
  yes: string;
  no: string;
  separator: string;
}

// `type` undefined: the value came without one (a property not declared).
export function formatValue(
  value: unknown,
  type: Schema["ValueType"] | undefined,
  { zone, words }: { zone: string; words: ValueWords },
): string {
  if (value === null || value === undefined) return words.unknown;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map(String).join(words.separator);
  if (type === "money") return formatMoney(String(value));
  if (type === "time") return formatMoment(String(value), zone);
  // A date of every year: "05-17".
  if (type === "date") return String(value).replace(/^--/, "");
  if (type === "int" || type === "decimal") return groupDigits(String(value));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// "¥1,234.50"; the sign stands in front. Decimals are kept as written: nothing is rounded here.
export function formatMoney(yuan: string): string {
  const negative = yuan.startsWith("-");
  return `${negative ? "-" : ""}¥${groupDigits(negative ? yuan.slice(1) : yuan)}`;
}

// What is masked for whoever reads ("138****0001") stays as it is.
function groupDigits(number: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(number)) return number;
  const [whole = "", ...decimals] = number.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
}
