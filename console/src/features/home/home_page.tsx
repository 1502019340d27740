import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useIsEmpty } from "@/api/anybody";
import { PageHead } from "@/components/page_head";
import { useMay } from "@/components/permissions";
import { DemoOffer } from "./demo_offer";
import { FigureCard } from "./figure_card";
import { FIGURES, type Figure } from "./figures";
import { FirstRun } from "./first_run";
import styles from "./home_page.module.css";
import { LatestImports } from "./latest_imports";
import { LifeRiver } from "./life_river";
import { Lights } from "./lights";
import { Revenue } from "./revenue";
import { SystemLine } from "./system_line";
import { Trend } from "./trend";

export function HomePage() {
  const { t } = useTranslation();
  const empty = useIsEmpty();
  const [figure, choose] = useChosenFigure();
  const seesImports = useMay("imports.read");
  const seesSystem = useMay("system.read");

  if (empty) return <FirstRun />;
  return (
    <>
      <PageHead title={t("page.home")} />
      <Lights />
      {empty === false && <DemoOffer />}
      <section className={styles.figures} aria-label={t("home.figures")}>
        {FIGURES.map((each) => (
          <FigureCard key={each.name} figure={each} />
        ))}
      </section>
      <LifeRiver />
      <Trend figure={figure} onChoose={choose} />
      <Revenue />
      {seesImports && <LatestImports />}
      {seesSystem && <SystemLine />}
    </>
  );
}

// In the address, so that it can be shared.
function useChosenFigure(): [Figure, (name: string) => void] {
  const [search, setSearch] = useSearchParams();
  const name = search.get("trend") ?? "active";
  const figure = FIGURES.find((each) => each.name === name) ?? (FIGURES[0] as Figure);
  return [figure, (next) => setSearch({ trend: next }, { replace: true })];
}
