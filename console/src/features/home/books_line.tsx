import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { answerOf, api } from "@/api/client";
import { Moment } from "@/components/moment";
import styles from "./system_line.module.css";

const LIGHTS = { balanced: "good", wrong: "bad", unknown: "behind" } as const;

// Whether the ledger's books balance, as they were proved last.
export function BooksLine() {
  const { t } = useTranslation();
  const proof = useQuery({
    queryKey: ["ledger", "proof"],
    queryFn: ({ signal }) => answerOf(api.GET("/ledger/proof", { signal })),
  });
  if (!proof.data) return null;
  const { state, proved_at, accounts } = proof.data;
  if (accounts === 0 && state !== "wrong") return null;
  return (
    <p className={styles.line} data-state={LIGHTS[state]} role="status" data-testid="books">
      <span className={styles.dot} aria-hidden="true" />
      <Link to="/ledger">{t(`ledger.proof.${state}`)}</Link>
      {proved_at !== null && <Moment value={proved_at} />}
    </p>
  );
}
