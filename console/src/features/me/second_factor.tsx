import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { RemoveDialog } from "./remove_dialog";
import styles from "./second_factor.module.css";

const EnrolDialog = lazy(() => import("./enrol_dialog"));

// So few that it is time to make new ones.
const CODES_FEW = 3;

// A code beside the password: whether it is asked for, and turning that on and off.
export function SecondFactor() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"enrol" | "remove" | null>(null);
  const factor = useQuery({
    queryKey: ["second_factor"],
    queryFn: ({ signal }) => answerOf(api.GET("/session/second-factor", { signal })),
  });
  const close = () => setOpen(null);
  return (
    <Answered query={factor} rows={2}>
      {(data) => (
        <div data-testid="second_factor">
          <State factor={data} />
          {data.on ? (
            <Button onClick={() => setOpen("remove")}>{t("second_factor.remove")}</Button>
          ) : (
            <Button type="primary" onClick={() => setOpen("enrol")}>
              {t("second_factor.enrol")}
            </Button>
          )}
          <Suspense fallback={null}>{open === "enrol" && <EnrolDialog onClose={close} />}</Suspense>
          {open === "remove" && <RemoveDialog onClose={close} />}
        </div>
      )}
    </Answered>
  );
}

function State({ factor: { on, since, recovery_codes_left } }: { factor: Schema["SecondFactor"] }) {
  const { t } = useTranslation();
  if (!on) return <p className={styles.state}>{t("second_factor.off_text")}</p>;
  return (
    <div className={styles.state}>
      <p>
        <strong>{t("second_factor.on")}</strong> {since && <Moment value={since} />}
      </p>
      <p data-few={recovery_codes_left <= CODES_FEW}>
        {t("second_factor.codes_left", { count: recovery_codes_left })}
        {recovery_codes_left <= CODES_FEW && ` ${t("second_factor.codes_short")}`}
      </p>
    </div>
  );
}
