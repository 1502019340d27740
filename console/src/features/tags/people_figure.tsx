import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProblemText } from "@/components/problem_text";
import { useFigure } from "@/components/rule/asking";
import { WaitingBox } from "@/components/waiting_box";
import { formatCount } from "@/text/number";
import styles from "./tags_page.module.css";

// How many satisfy the rule now; the number opens them.
export function Figure({ rule }: { rule: string }) {
  const { i18n } = useTranslation();
  const problemText = useProblemText();
  const figure = useFigure(rule);
  if (figure.isError) return <span>{problemText(figure.error).happened}</span>;
  if (!figure.data) return <WaitingBox className={styles.waiting} />;
  return (
    <Link to={`/customers?${new URLSearchParams({ rule })}`}>
      {formatCount(figure.data.count, i18n.language)}
    </Link>
  );
}
