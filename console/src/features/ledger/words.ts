import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { formatAmount, formatDifference } from "./amount";
import { useAssets } from "./asking";

type Owner = Pick<Schema["LedgerAccount"], "owner_kind" | "owner">;

// Those that have a word; every other kind stands as whoever opened the account wrote it.
export const OWNER_KINDS = [
  "customer",
  "brand",
  "store",
  "staff",
  "product",
  "campaign",
  "coupon",
] as const;

// The words of the ledger for what programs write: kinds, books, causes, codes of assets.
export function useLedgerWords() {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  const wordOf = (group: string, name: string) => {
    const key = `ledger.${group}.${name}`;
    return /^[a-z_]+$/.test(name) && i18n.exists(key) ? say(key) : name;
  };
  return {
    // "客户 42"; the ledger's own accounts have no owner beside it.
    owner: ({ owner_kind, owner }: Owner) => `${wordOf("owners", owner_kind)} ${owner}`.trim(),
    ownerKind: (kind: string) => wordOf("owners", kind),
    book: (book: string) => wordOf("books_of", book),
    // "积分"; "库存 stock:sku-17" where there may be several of a kind.
    asset: ({ kind, code }: Pick<Schema["Asset"], "kind" | "code">) =>
      kind === code ? say(`ledger.kinds.${kind}`) : `${say(`ledger.kinds.${kind}`)} ${code}`,
    // "order:1001" → "订单 1001"
    cause: (why: string) => {
      const at = why.indexOf(":");
      const kind = why.slice(0, at);
      const word = at < 0 ? kind : wordOf("causes", kind);
      return word === kind ? why : `${word} ${why.slice(at + 1)}`;
    },
  };
}

// How amounts of an asset are written, and what it is called, by its code.
export function useCounting(code: string) {
  const { i18n } = useTranslation();
  const words = useLedgerWords();
  const asset = useAssets().data?.find((each) => each.code === code);
  const counted = asset ?? { kind: "points" as const, scale: 0 };
  return {
    // Before it is known nothing is written: a wrong point is a wrong amount.
    known: asset !== undefined,
    scale: counted.scale,
    name: asset ? words.asset(asset) : code,
    amount: (value: number) => (asset ? formatAmount(value, counted, i18n.language) : "…"),
    difference: (value: number) => (asset ? formatDifference(value, counted, i18n.language) : "…"),
  };
}

export type Counting = ReturnType<typeof useCounting>;
