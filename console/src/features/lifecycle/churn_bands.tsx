import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatCount } from "@/text/number";
import { formatMoney } from "@/text/value";
import { customersAddress } from "./address";
import { HowGood } from "./how_good";
import styles from "./rhythm.module.css";
import type { Rhythm } from "./types";

// By the probability that somebody has left for good; each opens its people.
const RULES = {
  low: "p_alive > 0.67",
  middle: "p_alive >= 0.34 and p_alive <= 0.67",
  high: "p_alive < 0.34",
} as const;

export function ChurnBands({ bands }: { bands: Rhythm["churn"] }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <ul className={styles.bands}>
        {bands.map(({ band, customers, clv }) => (
          <li key={band} data-band={band}>
            <h3>{t(`rhythm.band.${band}`)}</h3>
            <p className={styles.figure}>
              <Link to={customersAddress(RULES[band])}>
                {formatCount(customers, i18n.language)}
              </Link>
            </p>
            <p>{t("rhythm.band_clv", { clv: formatMoney(clv) })}</p>
          </li>
        ))}
      </ul>
      <HowGood />
    </>
  );
}
