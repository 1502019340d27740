import i18next from "i18next";
import { NAMES } from "@/test/fixtures";
import RULES from "@/test/rule_trees.json";
import { chooseLanguage, type Language } from "@/text/language";
import { formatValue } from "@/text/value";
import { sentenceOf } from "./sentence";
import type { RuleNode } from "./tree";

const rules = RULES as unknown as { rule: string; tree: RuleNode }[];

function inWords(rule: string): string {
  const say = i18next.t as (key: string, values?: Record<string, unknown>) => string;
  const tree = rules.find((each) => each.rule === rule)?.tree as RuleNode;
  const words = { unknown: "–", yes: say("value.yes"), no: say("value.no"), separator: "" };
  return sentenceOf(tree, {
    say,
    valueText: (value, type) => formatValue(value, type, { zone: "Asia/Shanghai", words }),
    names: NAMES,
    language: i18next.language,
  });
}

afterEach(() => chooseLanguage("zh-CN"));

const SENTENCES: [string, string, string][] = [
  ["everyone", "所有客户", "every customer"],
  [
    "did order_paid >= 3 times in last 90d",
    "过去 90 天“支付”至少 3 次",
    "“Order paid” at least 3 times in the last 90 days",
  ],
  [
    'did order_paid where (amount >= 100) >= 2 times in last 30d and did not code_scanned in last 7d and tag "等级/VIP"',
    "过去 30 天“支付”（amount 至少 ¥100）至少 2 次，并且过去 7 天没有“扫码”，并且有标签“等级/VIP”",
    "“Order paid” (amount is at least ¥100) at least 2 times in the last 30 days and no “Code scanned” in the last 7 days and has the tag “等级/VIP”",
  ],
  [
    'did order_paid >= 2 times in last 30d and (city = "上海" or not tag "等级/VIP")',
    "过去 30 天“支付”至少 2 次，并且（city 是 “上海”，或者没有标签“等级/VIP”）",
    "“Order paid” at least 2 times in the last 30 days and (city is “上海” or does not have the tag “等级/VIP”)",
  ],
  [
    "did product_viewed then cart_added within 1h same(sku) then not order_paid within 24h",
    "先“看商品”，然后 1 小时内“cart_added”（同一个 sku），之后 24 小时内没有“支付”",
    "“Product viewed”, then “cart_added” (the same sku) within 1 hour, then no “Order paid” within 24 hours",
  ],
  [
    "did order_paid on >= 3 days in this year",
    "今年“支付”的日子至少 3 天",
    "“Order paid” on at least 3 days this year",
  ],
  [
    "did order_paid max(amount) > 500 from 90d to 30d ago",
    "90 天前到 30 天前“支付”的 amount 最大多于 ¥500",
    "“Order paid” with a greatest amount of more than ¥500 between 90 days and 30 days ago",
  ],
  [
    'last order_paid where (amount > 10) with (items = 2 and sku = "SKU-1") before 2026-06-01',
    "最近一次“支付”（amount 大于 ¥10）在2026-06-01 之前，那一次 件数 是 2，并且sku 是 “SKU-1”",
    "the last “Order paid” (amount is more than ¥10) before 2026-06-01, and that one: 件数 is 2 and sku is “SKU-1”",
  ],
  [
    'held(not tag "等级/VIP", 3d) and age is known',
    "没有标签“等级/VIP”，并已持续 3 天，并且age 已知",
    "does not have the tag “等级/VIP”, for 3 days already and age is known",
  ],
  ["seen in previous 1 week", "seen 在前 1 个整周", "seen is in the week before"],
  [
    'birthday anniversary in next 7d and consents to "marketing"',
    "生日 的周年在未来 7 天，并且授权了“marketing”",
    "the anniversary of Birthday is in the next 7 days and consents to “marketing”",
  ],
];

describe("the sentence of a rule", () => {
  it.each(["zh-CN", "en"] as Language[])(
    "stands for every rule there is, in %s",
    async (language) => {
      await chooseLanguage(language);
      for (const { rule } of rules) {
        expect.soft(inWords(rule), rule).not.toMatch(/sentence\.|\{\{|undefined|^$/);
      }
    },
  );

  it("says what the rule says", async () => {
    for (const [rule, chinese] of SENTENCES) expect.soft(inWords(rule)).toBe(chinese);
    await chooseLanguage("en");
    for (const [rule, , english] of SENTENCES) expect.soft(inWords(rule)).toBe(english);
  });
});
