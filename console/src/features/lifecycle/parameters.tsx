import { useTranslation } from "react-i18next";
import { Scrolled } from "@/components/scrolled";
import { formatShare } from "@/text/number";
import { formatMoney } from "@/text/value";
import styles from "./rhythm.module.css";
import type { PurchaseFit, SpendFit, Value } from "./types";

const DAYS_A_WEEK = 7;

// The fitted model: what it says in words, its parameters for whoever wants to see them.
export function Parameters({ value }: { value: Value }) {
  const { t, i18n } = useTranslation();
  const chosen = value.model === "mbgnbd" ? value.mbgnbd : value.bgnbd;
  const spend = value.gamma_gamma;
  const number = (figure: number, digits: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(figure);
  return (
    <>
      {value.state === "ready" && chosen && (
        <ul className={styles.sentences}>
          <li>{t("rhythm.rate", { days: number(gapDays(chosen), 0) })}</li>
          <li>{t("rhythm.dropout", { share: formatShare(leavesShare(chosen), i18n.language) })}</li>
          {spend?.converged && (
            <li>{t("rhythm.spend", { money: formatMoney(usualSpend(spend).toFixed(2)) })}</li>
          )}
          <li>{value.model === "mbgnbd" ? t("rhythm.chosen_mbgnbd") : t("rhythm.chosen_bgnbd")}</li>
        </ul>
      )}
      <details>
        <summary>{t("rhythm.parameters")}</summary>
        <Scrolled label={t("rhythm.parameters")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("rhythm.model")}</th>
                <th scope="col">{t("rhythm.parameter")}</th>
                <th scope="col">{t("rhythm.estimate")}</th>
                <th scope="col">{t("rhythm.error")}</th>
                <th scope="col">{t("rhythm.likelihood")}</th>
                <th scope="col">{t("rhythm.converged")}</th>
              </tr>
            </thead>
            <tbody>
              <Rows name={t("rhythm.bgnbd")} fit={value.bgnbd} parameters={purchase(value.bgnbd)} />
              <Rows
                name={t("rhythm.mbgnbd")}
                fit={value.mbgnbd}
                parameters={purchase(value.mbgnbd)}
              />
              <Rows name={t("rhythm.gamma_gamma")} fit={spend} parameters={spending(spend)} />
            </tbody>
          </table>
        </Scrolled>
      </details>
    </>
  );
}

// Of the average customer while they buy: r / alpha purchases a week (Fader, Hardie, Lee 2005).
const gapDays = ({ r, alpha }: PurchaseFit) => (DAYS_A_WEEK * alpha) / r;
// The mean of the beta distribution of leaving after a purchase.
const leavesShare = ({ a, b }: PurchaseFit) => a / (a + b);
// The mean of Gamma-Gamma over all customers; with q of one or less there is none.
const usualSpend = ({ p, q, v }: SpendFit) => (q > 1 ? (p * v) / (q - 1) : p * v);

const purchase = (fit: PurchaseFit | null): [string, number][] =>
  fit === null
    ? []
    : [
        ["r", fit.r],
        ["alpha", fit.alpha],
        ["a", fit.a],
        ["b", fit.b],
      ];
const spending = (fit: SpendFit | null): [string, number][] =>
  fit === null
    ? []
    : [
        ["p", fit.p],
        ["q", fit.q],
        ["v", fit.v],
      ];

interface RowsProps {
  name: string;
  fit: PurchaseFit | SpendFit | null;
  // In their order, by their names.
  parameters: readonly (readonly [string, number])[];
}

function Rows({ name, fit, parameters }: RowsProps) {
  const { t, i18n } = useTranslation();
  if (!fit) return null;
  const figure = (value: number | undefined) =>
    value === undefined
      ? "\u2013"
      : new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 5 }).format(value);
  const starts = { starts: fit.starts, agreeing: fit.starts_agreeing };
  return parameters.map(([parameter, estimate], index) => (
    <tr key={parameter}>
      <th scope="row">{index === 0 ? name : ""}</th>
      <td>{parameter}</td>
      <td>{figure(estimate)}</td>
      <td>{figure(fit.standard_errors?.[parameter])}</td>
      <td>{index === 0 ? figure(fit.log_likelihood) : ""}</td>
      <td>{index === 0 && (fit.converged ? t("rhythm.yes", starts) : t("rhythm.no", starts))}</td>
    </tr>
  ));
}
