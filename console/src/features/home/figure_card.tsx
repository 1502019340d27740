import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProblemText } from "@/components/problem_text";
import { questionAddress } from "@/text/address";
import { formatChange, formatCount, roundedCount } from "@/text/number";
import { useFigure } from "./asking";
import styles from "./figure_card.module.css";
import type { Figure } from "./figures";

// One number with what it means; it opens its rule and the people behind it.
export function FigureCard({ figure }: { figure: Figure }) {
  const { t, i18n } = useTranslation();
  const measured = useFigure(figure);
  const { rule, period_days } = figure;
  const label = t(`home.figure.${figure.name}.label`);
  return (
    <article className={styles.card} aria-busy={measured.isPending} data-testid={figure.name}>
      <h2 className={styles.label}>{label}</h2>
      {measured.data ? (
        <>
          <Link to={questionAddress({ rule })} className={styles.number ?? ""}>
            {formatCount(measured.data.now.count, i18n.language)}
          </Link>
          <Rounded count={measured.data.now.count} />
          <Link
            to={questionAddress({ rule, at: measured.data.before.at })}
            className={styles.change ?? ""}
          >
            {t("home.change", {
              days: period_days,
              change: formatChange(
                measured.data.before.count,
                measured.data.now.count,
                i18n.language,
              ),
            })}
          </Link>
        </>
      ) : measured.isError ? (
        <Unasked error={measured.error} onAgain={() => void measured.refetch()} />
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
