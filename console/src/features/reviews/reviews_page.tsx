import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answered } from "@/components/answered";
import { ConfirmButton } from "@/components/confirm_button";
import { EmptyState } from "@/components/empty_state";
import { Moment } from "@/components/moment";
import { PageHead } from "@/components/page_head";
import { Panel } from "@/components/panel";
import { importAddress } from "@/text/address";
import { type Review, useDecision, useReviewPages } from "./asking";
import { Beside } from "./beside";
import styles from "./reviews.module.css";

// Two who may be one person: one after the other, with what is known of both.
export function ReviewsPage() {
  const { t } = useTranslation();
  const reviews = useReviewPages();
  return (
    <>
      <PageHead title={t("page.reviews")} lead={t("reviews.lead")} />
      <Answered query={reviews} rows={8}>
        {({ pages }) => {
          const open = pages.flatMap(({ merge_reviews }) => merge_reviews);
          return (
            <>
              {open.length === 0 && (
                <EmptyState title={t("reviews.empty_title")} text={t("reviews.empty_text")}>
                  <Link to="/customers/import">{t("page.imports")}</Link>
                </EmptyState>
              )}
              {open.map((review) => (
                <OneReview key={review.id} review={review} />
              ))}
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
    </>
  );
}

function OneReview({ review }: { review: Review }) {
  const { t } = useTranslation();
  const { survivor, gone, thing, name, merged } = review;
  const known = thing === "identity" || thing === "attribute" ? thing : "other";
  const words = { what: `${t(`person.review_thing.${known}`)} ${name}`, survivor, gone };
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
          <Link to={`/customers/${encodeURIComponent(survivor)}`}>{survivor}</Link>
        </p>
      ) : (
        <Beside one={survivor} other={gone} />
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
