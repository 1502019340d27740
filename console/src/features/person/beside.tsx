import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Answered } from "@/components/answered";
import { useValueText } from "@/components/use_value_text";
import { customerAddress } from "@/text/address";
import { titleOf } from "@/text/customer";
import styles from "./beside.module.css";
import { useIdentityLabel } from "./identities";
import { useRecord } from "./records";

type Customer = Schema["Customer"];

interface Row {
  what: string;
  one: string;
  other: string;
}

// What is known of two, line by line; where they differ is marked.
export function Beside({ one, other }: { one: string; other: string }) {
  const left = useRecord(one);
  const right = useRecord(other);
  return (
    <Answered query={left}>
      {(first) => (
        <Answered query={right}>{(second) => <Compared one={first} other={second} />}</Answered>
      )}
    </Answered>
  );
}

function Compared({ one, other }: { one: Customer; other: Customer }) {
  const { t } = useTranslation();
  const rows = useRows(one, other);
  const head = (customer: Customer) => (
    <th scope="col">
      <Link to={customerAddress(customer)}>{titleOf(customer)}</Link>
      {customer.name !== null && <small className={styles.key}>{customer.key}</small>}
    </th>
  );
  return (
    <table className={styles.beside}>
      <thead>
        <tr>
          <th scope="col">{t("reviews.what")}</th>
          {head(one)}
          {head(other)}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ what, one: mine, other: theirs }) => (
          <tr key={what} data-differs={mine !== "" && theirs !== "" && mine !== theirs}>
            <th scope="row">{what}</th>
            <td>{mine}</td>
            <td>{theirs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Identities, attributes and tags of either.
function useRows(one: Customer, other: Customer): Row[] {
  const { t } = useTranslation();
  const labelOf = useIdentityLabel();
  const valueText = useValueText();
  const between = t("imports.between");
  const identities = ({ identities: all }: Customer, kind: string) =>
    all
      .filter((each) => each.kind === kind)
      .map(({ value }) => value)
      .join(between);
  const attribute = ({ attributes: all }: Customer, name: string) => {
    const found = all.find((each) => each.name === name);
    return found ? valueText(found.value, found.type) : "";
  };
  const tags = ({ tags: all }: Customer) =>
    all.map(({ group, name }) => `${group}/${name}`).join(between);
  const both = [one, other];
  const kinds = [...new Set(both.flatMap(({ identities: all }) => all.map(({ kind }) => kind)))];
  const names = [...new Set(both.flatMap(({ attributes: all }) => all.map(({ name }) => name)))];
  const rowOf = (what: string, cell: (of: Customer) => string): Row => ({
    what,
    one: cell(one),
    other: cell(other),
  });
  return [
    ...kinds.map((kind) => rowOf(labelOf(kind), (of) => identities(of, kind))),
    ...names.map((name) => rowOf(name, (of) => attribute(of, name))),
    rowOf(t("reviews.tags"), tags),
  ];
}
