import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { useChange } from "@/api/use_change";
import { ConfirmButton } from "@/components/confirm_button";
import { useNotices } from "@/components/notices";
import { useProblemText } from "@/components/problem_text";
import { drop, type Intent, replay } from "./asking";
import styles from "./outbox.module.css";

// Nobody knows whether the receiver has done it: once more may be twice.
const MAY_BE_DONE = "outbox.unknown_outcome";

// What a person decides of a dead letter: once more, or never.
export function Decide({ intent }: { intent: Intent }) {
  const { t } = useTranslation();
  const notices = useNotices();
  const problemText = useProblemText();
  const again = useChange("outbox", replay);
  const never = useChange("outbox", drop);
  const replayed = { onSuccess: () => notices.success(t("outbox.replayed")) };
  return (
    <div className={styles.actions}>
      {intent.problem === MAY_BE_DONE ? (
        <ConfirmButton
          label={t("outbox.replay")}
          sentence={t("outbox.replay_sure")}
          onConfirm={() => again.mutateAsync(intent, replayed)}
        />
      ) : (
        <Button
          size="small"
          loading={again.isPending}
          onClick={() =>
            again.mutate(intent, {
              ...replayed,
              onError: (error) => notices.error(problemText(error).happened),
            })
          }
        >
          {t("outbox.replay")}
        </Button>
      )}
      <ConfirmButton
        label={t("outbox.drop")}
        sentence={t("outbox.drop_sure")}
        onConfirm={() => never.mutateAsync(intent)}
      />
    </div>
  );
}
