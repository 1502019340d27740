import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, formatShare, roundedCount } from "@/text/number";
import styles from "./rfm.module.css";
import type { Rfm } from "./types";

interface Props {
  rfm: Rfm;
  // Of the cells shown; null: all of them together.
  money: number | null;
  onOpen(recency: number, frequency: number): void;
}

const FIVE = [1, 2, 3, 4, 5];

// Who has bought often stands above, who has bought lately at the right: the best are at the top
// right. The darker, the more people; every cell opens its people.
export function RfmGrid({ rfm, money, onOpen }: Props) {
  const { t, i18n } = useTranslation();
  const sizes = sizesOf(rfm, money);
  const sizeOf = (r: number, f: number) => sizes.get(`${r} ${f}`) ?? 0;
  const most = Math.max(1, ...sizes.values());
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return (
    <table className={styles.grid}>
      <caption className="for-readers">{t("rfm.grid")}</caption>
      <tbody>
        {FIVE.toReversed().map((f) => (
          <tr key={f}>
            <th scope="row">{t("rfm.f", { score: f })}</th>
            {FIVE.map((r) => {
              const size = sizeOf(r, f);
              const figure = formatCount(size, i18n.language);
              return (
                <td key={r}>
                  <button
                    type="button"
                    className={styles.cell}
                    // The root lets small cells differ.
                    style={{ "--share": Math.sqrt(size / most) } as CSSProperties}
                    disabled={size === 0}
                    aria-label={t("rfm.cell_open", { r, f, people: figure })}
                    title={`${figure} · ${formatShare(all === 0 ? 0 : size / all, i18n.language)}`}
                    onClick={() => onOpen(r, f)}
                  >
                    {roundedCount(size, i18n.language) || figure}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
        <tr>
          <td />
          {FIVE.map((r) => (
            <th key={r} scope="col">
              {t("rfm.r", { score: r })}
            </th>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

// "r f" → how many.
function sizesOf({ grid }: Rfm, money: number | null): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { r, f, m, customers } of grid) {
    if (money !== null && m !== money) continue;
    const cell = `${r} ${f}`;
    sizes.set(cell, (sizes.get(cell) ?? 0) + customers);
  }
  return sizes;
}
