import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { AsOf } from "@/components/as_of";
import { BarChart, ChartSkeleton } from "@/components/bar_chart";
import { ProblemAlert } from "@/components/problem_alert";
import { questionAddress } from "@/text/address";
import { formatCount } from "@/text/number";
import { type Audience, ruleOf, SIZE_DAYS, type Size, useSizes } from "./asking";
import styles from "./audience_page.module.css";

// The saved rule asked at the end of each day; every bar opens the people of its day.
export function Sizes({ audience }: { audience: Audience }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const sizes = useSizes(audience);
  if (sizes.isError) return <ProblemAlert error={sizes.error} retry={() => sizes.refetch()} />;
  if (!sizes.data) return <ChartSkeleton />;
  const { sizes: days } = sizes.data;
  const addressOf = ({ at }: Size) => questionAddress({ rule: ruleOf(audience.name), at });
  const open = (size: Size | undefined) => {
    if (size) void navigate(addressOf(size));
  };
  return (
    <>
      <BarChart
        label={t("audience.size_chart", { name: audience.name, days: SIZE_DAYS })}
        unit={t("home.unit")}
        bars={days.map(({ day, at, count }) => ({
          label: day,
          value: count,
          unfinished: at === null,
        }))}
        unfinished={t("home.so_far")}
        onOpen={(index) => open(days[index])}
      />
      <p className={styles.none}>{t("audience.size_note")}</p>
      <AsOf answer={sizes.data} />
      <details>
        <summary>{t("home.as_table")}</summary>
        <ul className={styles.days}>
          {days.toReversed().map((size) => (
            <li key={size.day}>
              {size.day}
              {size.at === null && ` ${t("home.so_far")}`}{" "}
              <Link to={addressOf(size)}>{formatCount(size.count, i18n.language)}</Link>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
