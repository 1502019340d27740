import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { ProblemAlert } from "@/components/problem_alert";
import styles from "./entrance.module.css";
import { useEnterDemo } from "./session";

// Whether one click enters; undefined as long as nobody knows. Where the program cannot be asked
// there is still the way by name and password.
export function useHasDemoEntrance(): boolean | undefined {
  const health = useQuery({
    queryKey: ["session", "health"],
    retry: false,
    queryFn: ({ signal }) => answerOf(api.GET("/health", { signal })),
  });
  return health.isPending ? undefined : (health.data?.demo_entrance ?? false);
}

// One click into the demo.
export function DemoEntrance() {
  const { t } = useTranslation();
  const enter = useEnterDemo();
  return (
    <div className={styles.demo}>
      <p>{t("demo.lead")}</p>
      {enter.isError && <ProblemAlert error={enter.error} className={styles.problem} />}
      <Button
        type="primary"
        block
        loading={enter.isPending}
        onClick={() => enter.mutate(undefined)}
      >
        {t("demo.enter")}
      </Button>
    </div>
  );
}
