import { useTranslation } from "react-i18next";
import styles from "./as_of.module.css";
import { Behind } from "./behind";
import { Moment } from "./moment";

interface Props {
  answer: { at: string; fresh: boolean };
}

// Under a picture: which moment its last figure is of, and whether it lacks what was written last.
export function AsOf({ answer }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <p className={styles.at} data-testid="as_of">
        {t("question.as_of")} <Moment value={answer.at} exact brief />
      </p>
      <Behind answer={answer} />
    </>
  );
}
