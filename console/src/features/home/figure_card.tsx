import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { useProblemText } from "@/components/problem_text";
import { questionAddress } from "@/text/address";
import { formatChange, formatCount, roundedCount } from "@/text/number";
import { useFigure, useFigureBefore } from "./asking";
import styles from "./figure_card.module.css";
import type { Figure } from "./figures";

// One number with what it means; it opens its rule and the people behind it.
export function FigureCard({ figure }: { figure: Figure }) {
  const { t, i18n } = useTranslation();
  const now = useFigure(figure);
  const label = t(`home.figure.${figure.name}.label`);
  return (
    <article className={styles.card} aria-busy={now.isPending} data-testid={figure.name}>
      <h2 className={styles.label}>{label}</h2>
      {now.data ? (
        <>
          <Link to={questionAddress({ rule: figure.rule })} className={styles.number ?? ""}>
            {formatCount(now.data.count, i18n.language)}
          </Link>
          <Rounded count={now.data.count} />
          <Change figure={figure} now={now.data} />
        </>
      ) : now.isError ? (
        <Unasked error={now.error} onAgain={() => void now.refetch()} />
      ) : (
        <div className={styles.skeleton}>
          <Skeleton.Node active style={{ width: 96, height: 32 }} />
          <Skeleton.Node active style={{ width: 128, height: 16 }} />
        </div>
      )}
      <p className={styles.sentence}>{t(`home.figure.${figure.name}.sentence`)}</p>
    </article>
  );
}

// Against a period before: what takes a second question keeps its place until it is here.
function Change({ figure, now }: { figure: Figure; now: Schema["Count"] }) {
  const { t, i18n } = useTranslation();
  const before = useFigureBefore(figure, now);
  const { rule, period_days } = figure;
  if (before.isError) return <Unasked error={before.error} onAgain={() => void before.refetch()} />;
  if (!before.data) {
    return (
      <span className={styles.change} aria-busy="true">
        <Skeleton.Node active style={{ width: 128, height: 16 }} />
      </span>
    );
  }
  return (
    <Link to={questionAddress({ rule, at: before.data.at })} className={styles.change ?? ""}>
      {t("home.change", {
        days: period_days,
        change: formatChange(before.data.count, now.count, i18n.language),
      })}
    </Link>
  );
}

// As small as the number it stands for.
function Unasked({ error, onAgain }: { error: unknown; onAgain(): void }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  return (
    <div role="alert" className={styles.problem}>
      {problemText(error).happened}
      <Button size="small" onClick={onAgain}>
        {t("again")}
      </Button>
    </div>
  );
}

function Rounded({ count }: { count: number }) {
  const { t, i18n } = useTranslation();
  const rounded = roundedCount(count, i18n.language);
  if (rounded === "") return null;
  return <span className={styles.rounded}>{t("question.about", { rounded })}</span>;
}
