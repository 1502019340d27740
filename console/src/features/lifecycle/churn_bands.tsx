import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatCount, formatShare } from "@/text/number";
import { formatMoney } from "@/text/value";
import { customersAddress } from "./address";
import { HowGood } from "./how_good";
import styles from "./rhythm.module.css";
import type { Rhythm } from "./types";

type Band = NonNullable<Rhythm["churn"]>[number];

// By the probability that somebody has left for good; each opens its people.
export function ChurnBands({ bands }: { bands: readonly Band[] }) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language, 0);
  return (
    <>
      <ul className={styles.bands}>
        {bands.map(({ from, to, customers, clv }) => (
          <li key={from} data-band={from > 0.5 ? "high" : from > 0 ? "middle" : "low"}>
            <h3>{`${share(from)} \u2013 ${share(to)}`}</h3>
            <p className={styles.figure}>
              <Link to={customersAddress(ruleOf(from, to))}>
                {formatCount(customers, i18n.language)}
              </Link>
            </p>
            {clv !== null && <p>{t("rhythm.band_clv", { clv: formatMoney(clv) })}</p>}
          </li>
        ))}
      </ul>
      <HowGood />
    </>
  );
}

// Rules speak of being alive: one less the probability of churn.
export function ruleOf(from: number, to: number): string {
  const alive = (churn: number) => String(Number((1 - churn).toFixed(6)));
  const above = `p_alive > ${alive(to)}`;
  const below = `p_alive <= ${alive(from)}`;
  if (from <= 0) return above;
  return to >= 1 ? below : `${above} and ${below}`;
}
