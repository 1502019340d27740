import { Button, Skeleton } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { toldApart } from "@/api/found";
import { isOld, Old } from "@/components/answered";
import { Behind } from "@/components/behind";
import { moveByArrows } from "@/components/move_by_arrows";
import { ProblemAlert } from "@/components/problem_alert";
import { customerName } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import { formatCount } from "@/text/number";
import { usePeople } from "./asking";
import styles from "./people_list.module.css";

interface Props {
  rule: string;
  // null: the count is on its way.
  at: string | null;
  total: number | undefined;
  chosen: string | null;
  addressOf(person: string): string;
  // Under a rule that is being written: nothing jumps.
  stay?: boolean;
}

const SKELETON_ROWS = 8;
// Of the number that stays above the list.
const COUNT_HEIGHT = 150;

export function PeopleList({ rule, at, total, chosen, addressOf, stay = false }: Props) {
  const { t, i18n } = useTranslation();
  const people = usePeople({ rule, at }, stay);
  const customers = people.data?.pages.flatMap((page) => page.customers.map(toldApart)) ?? [];

  if (!people.data) {
    if (people.isError) {
      return <ProblemAlert error={people.error} retry={() => people.refetch()} />;
    }
    return (
      <div className={styles.skeleton} aria-busy="true">
        {Array.from({ length: SKELETON_ROWS }, (_, row) => (
          <Skeleton.Node key={row} active style={{ width: "100%", height: 24 }} />
        ))}
      </div>
    );
  }
  return (
    <>
      {isOld(people) && <Old query={people} />}
      <Behind answer={people.data.pages.find(({ fresh }) => !fresh)} />
      <ul
        className={styles.people}
        onKeyDown={moveByArrows}
        aria-busy={people.isPlaceholderData}
        data-testid="people"
      >
        {customers.map((customer) => (
          <li key={customer.id}>
            <Link
              to={addressOf(customerName(customer))}
              className={styles.person ?? ""}
              aria-current={customerName(customer) === chosen}
              ref={customerName(customer) === chosen ? bringIntoSight : null}
            >
              <span className={styles.name}>{titleOf(customer)}</span>
              <small className={styles.more}>{subtitleOf(customer)}</small>
            </Link>
          </li>
        ))}
      </ul>
      {people.isFetchNextPageError && <ProblemAlert error={people.error} />}
      <div className={styles.foot}>
        {total !== undefined &&
          t("question.shown", {
            shown: formatCount(customers.length, i18n.language),
            total: formatCount(total, i18n.language),
          })}
        {people.hasNextPage && (
          <Button
            onClick={() => people.fetchNextPage()}
            loading={people.isFetchingNextPage}
            data-testid="more_people"
          >
            {t("question.more_people")}
          </Button>
        )}
      </div>
    </>
  );
}

// Only within the list: the page itself stays where the reader is.
function bringIntoSight(link: HTMLAnchorElement | null): void {
  const box = link?.closest("section");
  if (!link || !box) return;
  const offset = link.offsetTop - box.scrollTop;
  if (offset < COUNT_HEIGHT || offset > box.clientHeight - link.clientHeight)
    box.scrollTop = link.offsetTop - box.clientHeight / 2;
}
