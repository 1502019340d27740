// The pretended program's reviews of merges; what is decided stays decided. Read by
// mock_customers.ts.
import { type DefaultBodyType, HttpResponse, http, type StrictRequest } from "msw";
import type { Schema } from "@/api/client";

type Review = Schema["MergeReview"];

const AT = "2026-03-05T00:00:00.000Z";
const REVIEW = { thing: "identity", name: "phone", at: AT };
const OPEN = { decision: null, decided_at: null, decided_by: null };

// Each by name and number.
const both = ([survivor, survivor_id]: [string, number], [gone, gone_id]: [string, number]) => ({
  survivor,
  survivor_id,
  gone,
  gone_id,
});

const REVIEWS: Review[] = [
  { id: 5, ...both(["merged", 901], ["c_77", 77]), ...REVIEW, merged: true, import: null, ...OPEN },
  {
    id: 6,
    ...both(["CDNOW-00042", 42], ["c_81", 81]),
    ...REVIEW,
    merged: false,
    import: 8,
    ...OPEN,
  },
  {
    id: 4,
    ...both(["CDNOW-00107", 107], ["CDNOW-00108", 108]),
    ...REVIEW,
    merged: false,
    import: 8,
    decision: "keep_apart",
    decided_at: "2026-03-04T03:00:00.000Z",
    decided_by: "user:2 li.na",
  },
  {
    id: 3,
    ...both(["merged", 901], ["c_76", 76]),
    thing: "attribute",
    name: "name",
    at: AT,
    merged: true,
    import: null,
    decision: "merge",
    decided_at: "2026-03-03T03:00:00.000Z",
    decided_by: "command_line",
  },
];

export function reviewHandlers(
  refuse: (request: StrictRequest<DefaultBodyType>) => Response | null,
  empty: boolean,
) {
  let reviews = empty ? [] : REVIEWS;
  return [
    http.get("*/api/v1/merge-reviews", ({ request }) => {
      const decided = new URL(request.url).searchParams.get("state") === "decided";
      const shown = reviews.filter(({ decision }) => (decision !== null) === decided);
      return refuse(request) ?? HttpResponse.json({ merge_reviews: shown, next: null });
    }),
    http.post("*/api/v1/merge-reviews/:id", async ({ params, request }) => {
      const { decision } = (await request.clone().json()) as Schema["MergeDecision"];
      const by = { decided_at: AT, decided_by: "user:1 zhang.wei" };
      reviews = reviews.map((each) =>
        each.id === Number(params.id) ? { ...each, decision, ...by } : each,
      );
      return refuse(request) ?? HttpResponse.json({ position: "13" });
    }),
  ];
}
