import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { EmptyState } from "@/components/empty_state";
import { Panel } from "@/components/panel";
import { useMay } from "@/components/permissions";
import { ProblemAlert } from "@/components/problem_alert";
import { formatCount } from "@/text/number";
import styles from "./demo_offer.module.css";

const DEMO = ["demo"];
const LOOK_EVERY_MS = 1000;
const NEW_TICKET_EVERY_MS = 5 * 60_000; // one is good for ten minutes

type Demo = Schema["Demo"];

const isUnderway = ({ state }: Demo) => state === "starting" || state === "ending";

// Beside one's own data: a look at a brand that has some, where the program offers it.
export function DemoOffer() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const demo = useQuery({
    queryKey: DEMO,
    queryFn: ({ signal }) => answerOf(api.GET("/demo", { signal })),
    enabled: useMay("owners.write"),
    retry: false,
    refetchOnWindowFocus: "always",
    refetchInterval: ({ state: { data } }) => {
      if (data && isUnderway(data)) return LOOK_EVERY_MS;
      return data?.state === "running" && NEW_TICKET_EVERY_MS;
    },
  });
  const keep = { onSuccess: (answer: Demo) => client.setQueryData(DEMO, answer) };
  const start = useMutation({ mutationFn: () => answerOf(api.POST("/demo")), ...keep });
  const end = useMutation({ mutationFn: () => answerOf(api.DELETE("/demo")), ...keep });
  if (!demo.data?.offered) return null;
  const { state, address } = demo.data;
  const failed = start.error ?? end.error;
  return (
    <Panel testId="demo">
      <EmptyState title={t("home.demo.title")} text={t("home.demo.text")}>
        {failed && <ProblemAlert error={failed} />}
        {state === "failed" && <p role="alert">{t("home.demo.failed")}</p>}
        {isUnderway(demo.data) ? (
          <Underway demo={demo.data} />
        ) : (
          <p>
            {address === null ? (
              <Button loading={start.isPending} onClick={() => start.mutate()}>
                {t("home.demo.start")}
              </Button>
            ) : (
              // Its ticket is spent by the click: the next one wants another.
              <Button
                type="primary"
                href={address}
                target="_blank"
                rel="noreferrer"
                onClick={() => client.invalidateQueries({ queryKey: DEMO })}
              >
                {t("home.demo.open")}
              </Button>
            )}
          </p>
        )}
        {(state === "running" || state === "starting") && (
          <p>
            <Button type="text" loading={end.isPending} onClick={() => end.mutate()}>
              {t("home.demo.end")}
            </Button>
          </p>
        )}
      </EmptyState>
    </Panel>
  );
}

function Underway({ demo }: { demo: Demo }) {
  const { t, i18n } = useTranslation();
  const { state, customers_made, customers } = demo;
  const sentence =
    state === "starting" && customers > 0
      ? t("home.demo.making", {
          made: formatCount(customers_made, i18n.language),
          all: formatCount(customers, i18n.language),
        })
      : t(state === "starting" ? "home.demo.starting" : "home.demo.ending");
  return (
    <div className={styles.underway}>
      <progress
        className={styles.bar}
        aria-label={t("home.demo.title")}
        {...(customers > 0 ? { value: customers_made, max: customers } : {})}
      />
      <span role="status">{sentence}</span>
    </div>
  );
}
