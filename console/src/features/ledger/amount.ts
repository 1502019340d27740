import type { Schema } from "@/api/client";

// Amounts are whole numbers of the smallest part of an asset; `scale` digits stand behind the
// point. Written without ever dividing: every digit is the ledger's.
export type Counted = Pick<Schema["Asset"], "kind" | "scale">;

const MONEY: readonly Counted["kind"][] = ["stored_value", "commission", "budget"];
export const MONEY_SCALE = 2;

export const isMoney = (kind: Counted["kind"]): boolean => MONEY.includes(kind);

// "¥12,345.67", "1,000", "−¥0.05"
export function formatAmount(amount: number, { kind, scale }: Counted, language: string): string {
  const digits = Math.abs(amount)
    .toString()
    .padStart(scale + 1, "0");
  const whole = Number(digits.slice(0, digits.length - scale));
  const rest = scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`;
  const sign = amount < 0 ? "−" : "";
  const unit = isMoney(kind) && scale === MONEY_SCALE ? "¥" : "";
  return `${sign}${unit}${new Intl.NumberFormat(language).format(whole)}${rest}`;
}

// What comes in has its sign, too.
export function formatDifference(amount: number, counted: Counted, language: string): string {
  return `${amount > 0 ? "+" : ""}${formatAmount(amount, counted, language)}`;
}

// "12.5" of scale 2 is 1250; null: no number, or more digits than the asset has.
export function amountFrom(text: string, scale: number): number | null {
  const found = /^([+\-\u2212]?)(\d{1,13})(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return null;
  const [, sign = "", whole = "", rest = ""] = found;
  if (rest.length > scale) return null;
  const amount = Number(whole + rest.padEnd(scale, "0"));
  if (!Number.isSafeInteger(amount)) return null;
  return sign === "" || sign === "+" ? amount : -amount;
}
