import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { Segments } from "@/components/segments";
import { Beside } from "@/features/person/beside";
import { customerAddress, customerName, importAddress } from "@/text/address";
import { type Review, STATES, type State, useDecision, useReviewPages } from "./asking";
import { Decided } from "./decided";
import styles from "./reviews.module.css";
import { useThing } from "./use_thing";

// Two who may be one person: one after the other, with what is known of both; and what was decided.
// Which of the two lists stands in the address.
export function ReviewsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") === "decided" ? "decided" : "open";
  return (
    <>
      <PageHead title={t("page.reviews")} lead={t("reviews.lead")} />
      <div className={styles.states}>
        <Segments
          label={t("reviews.which")}
          value={state}
          options={STATES.map((each) => ({ value: each, label: t(`reviews.state.${each}`) }))}
          onChange={(next) => setSearch(next === "open" ? {} : { state: next })}
        />
      </div>
      <Reviews key={state} state={state} />
    </>
  );
}

function Reviews({ state }: { state: State }) {
  const { t } = useTranslation();
  const reviews = useReviewPages(state);
  return (
    <Answered query={reviews} rows={8}>
      {({ pages }) => {
        const all = pages.flatMap(({ merge_reviews }) => merge_reviews);
        return (
          <>
            {state === "open" ? (
              <Open reviews={all} />
            ) : (
              <Panel>
                <Decided reviews={all} />
              </Panel>
            )}
            {reviews.hasNextPage && (
              <Button
                loading={reviews.isFetchingNextPage}
                onClick={() => void reviews.fetchNextPage()}
              >
                {t("reviews.more")}
              </Button>
            )}
          </>
        );
      }}
    </Answered>
  );
}

function Open({ reviews }: { reviews: readonly Review[] }) {
  const { t } = useTranslation();
  if (reviews.length > 0) {
    return reviews.map((review) => <OneReview key={review.id} review={review} />);
  }
  return (
    <Panel>
      <EmptyState title={t("reviews.empty_title")} text={t("reviews.empty_text")}>
        <Link to="/customers/import">{t("page.imports")}</Link>
      </EmptyState>
    </Panel>
  );
}

function OneReview({ review }: { review: Review }) {
  const { t } = useTranslation();
  const { survivor, gone, merged } = review;
  const words = { what: useThing()(review), survivor, gone };
  return (
    <Panel title={t(merged ? "reviews.twice" : "reviews.shared", words)}>
      <p className={styles.about}>
        <Moment value={review.at} />
        {review.import !== null && (
          <>
            {" · "}
            <Link to={importAddress(review.import)}>{t("reviews.from_import")}</Link>
          </>
        )}
      </p>
      {merged ? (
        <p>
          <Link to={customerAddress({ id: review.survivor_id })}>{survivor}</Link>
        </p>
      ) : (
        <Beside
          one={customerName({ id: review.survivor_id })}
          other={customerName({ id: review.gone_id })}
        />
      )}
      <Decide review={review} />
    </Panel>
  );
}

function Decide({ review: { id, survivor, gone, merged } }: { review: Review }) {
  const { t } = useTranslation();
  const decide = useDecision(id);
  const both = { survivor, gone };
  return (
    <div className={styles.actions}>
      <ConfirmButton
        label={t(merged ? "reviews.stay_merged" : "reviews.merge")}
        sentence={t(merged ? "reviews.stay_merged_sentence" : "reviews.merge_sentence", both)}
        onConfirm={() => decide.mutateAsync("merge")}
      />
      <ConfirmButton
        label={t(merged ? "reviews.part" : "reviews.keep_apart")}
        sentence={t(merged ? "reviews.part_sentence" : "reviews.keep_apart_sentence", both)}
        onConfirm={() => decide.mutateAsync("keep_apart")}
      />
    </div>
  );
}
