// The figures of the morning page. Each is a rule of the language and nothing else: what it
// counts, the people behind it, its past and its trend are all this rule asked at a moment. This is
// the only place that defines them.
import type zh from "@/locales/zh-CN.json";

export interface Figure {
  // Its label and sentence in the locales: home.figure.NAME.
  name: keyof (typeof zh)["home"]["figure"];
  rule: string;
  // It is held against itself this long ago.
  period_days: number;
}

// What a customer does out of their own will, of the standard vocabulary.
const ACTS = [
  "code_scanned",
  "friend_added",
  "followed",
  "group_joined",
  "message_received",
  "menu_clicked",
  "keyword_asked",
  "message_opened",
  "message_clicked",
  "article_read",
  "article_shared",
  "moment_liked",
  "moment_commented",
  "content_posted",
  "live_attended",
  "product_viewed",
  "cart_added",
  "order_created",
  "order_paid",
  "review_posted",
  "campaign_joined",
  "friend_invited",
  "checked_in",
  "vote_cast",
  "quiz_finished",
  "survey_answered",
  "product_used",
];

export const FIGURES: readonly Figure[] = [
  { name: "customers", rule: "everyone", period_days: 30 },
  // Known now, and not yet known seven days ago.
  { name: "newcomers", rule: "not held(everyone, 7d)", period_days: 7 },
  {
    name: "active",
    rule: ACTS.map((act) => `did ${act} in last 30d`).join(" or "),
    period_days: 30,
  },
  { name: "bought", rule: "did order_paid in last 30d", period_days: 30 },
  {
    name: "bought_again",
    rule: "did order_paid in last 30d and did order_paid >= 2 times",
    period_days: 30,
  },
];
