import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { Moment } from "@/components/moment";
import { MoreRows } from "@/components/more_rows";
import { useMay } from "@/components/permissions";
import { Segments } from "@/components/segments";
import { customerAddress, newAudienceAddress } from "@/text/address";
import { titleOf } from "@/text/customer";
import type { Audience } from "./asking";
import styles from "./live.module.css";
import { type MoveDirection, type MoveFilter, useMoves } from "./live_asking";
import { moversRule } from "./movers";

interface Props {
  audience: Audience;
  filter: MoveFilter;
  onChoose(filter: MoveFilter): void;
}

const BOTH = "both";

// One by one, the latest first, at the exact moment.
export function Moves({ audience, filter, onChoose }: Props) {
  const { t } = useTranslation();
  const moves = useMoves(audience.id, filter, true);
  const { direction, day } = filter;
  // Whoever came by a number of them begins to read here.
  const { hash } = useLocation();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (hash === "#moves") place.current?.scrollIntoView({ block: "start" });
  }, [hash]);
  return (
    <section
      ref={place}
      id="moves"
      className={styles.part}
      aria-label={t("moves.who")}
      data-testid="moves"
    >
      <header className={styles.partHead}>
        <h3 className={styles.partTitle}>{t("moves.who")}</h3>
        <div className={styles.tools}>
          {day !== undefined && (
            <Button
              size="small"
              aria-label={t("moves.every_day", { day })}
              onClick={() => onChoose({ direction })}
            >
              {day} ×
            </Button>
          )}
          <Segments
            label={t("moves.which")}
            value={direction ?? BOTH}
            options={[
              { value: BOTH, label: t("moves.both") },
              { value: "entered", label: t("moves.entered") },
              { value: "left", label: t("moves.left") },
            ]}
            onChange={(value) =>
              onChoose({ day, direction: value === BOTH ? undefined : (value as MoveDirection) })
            }
          />
          {direction !== undefined && <AsAudience audience={audience} filter={filter} />}
        </div>
      </header>
      <Answered query={moves} rows={5}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.moves);
          if (all.length === 0) {
            return <p className={styles.none}>{t(day ? "moves.none_then" : "moves.none")}</p>;
          }
          return (
            <>
              <ul className={styles.people}>
                {all.map((move) => (
                  <Line key={`${move.customer.id} ${move.at} ${move.recorded_at}`} move={move} />
                ))}
              </ul>
              <MoreRows pages={moves} />
            </>
          );
        }}
      </Answered>
    </section>
  );
}

// Those people as an audience of their own.
function AsAudience({ audience, filter }: { audience: Audience; filter: MoveFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayWrite = useMay("audiences.write");
  if (!mayWrite) return null;
  return (
    <Button
      size="small"
      onClick={() => void navigate(newAudienceAddress(moversRule(audience.id, filter)))}
    >
      {t("question.save")}
    </Button>
  );
}

function Line({ move }: { move: Schema["AudienceMove"] }) {
  const { t } = useTranslation();
  const { customer, direction, at, recorded_at, corrected } = move;
  return (
    <li>
      <span className={styles.who}>
        <span className={styles.sign} data-direction={direction}>
          {t(`moves.${direction}`)}
        </span>
        <Link to={customerAddress(customer)}>{titleOf(customer)}</Link>
        {customer.name !== null && <small>{customer.key}</small>}
      </span>
      <span className={styles.when}>
        <Moment value={at} whole />
        {corrected && (
          <span className={styles.mark}>
            {t("moves.found_later")} <Moment value={recorded_at} exact brief />
          </span>
        )}
      </span>
    </li>
  );
}
