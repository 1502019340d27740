import { useTranslation } from "react-i18next";

// Says that an answer lacks what was written last. Undefined: there is none yet.
export function Behind({ answer }: { answer: { fresh: boolean } | undefined }) {
  const { t } = useTranslation();
  return answer?.fresh === false ? <p role="status">{t("question.behind")}</p> : null;
}
