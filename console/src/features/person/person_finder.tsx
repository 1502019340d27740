import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { type FocusEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { findCustomers } from "@/api/found";
import { moveByArrows } from "@/components/move_by_arrows";
import { useProblemText } from "@/components/problem_text";
import { useDebounced } from "@/components/use_debounced";
import { customerName } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import styles from "./person_finder.module.css";

const SEARCH_WAIT_MS = 200;
const FOUND_MAX = 8;

// Anybody, whether they match a rule or not, by the start of any identity.
export function PersonFinder({ addressOf }: { addressOf(customer: string): string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const [text, setText] = useState("");
  const search = useDebounced(text.trim(), SEARCH_WAIT_MS);
  const found = useQuery({
    queryKey: ["customers", "search", search],
    enabled: search !== "",
    queryFn: ({ signal }) => findCustomers(search, FOUND_MAX, signal),
  });
  const customers = found.data?.found ?? [];
  const close = () => setText("");
  const openFirst = () => {
    const [first] = customers;
    if (!first || search !== text.trim()) return;
    close();
    void navigate(addressOf(customerName(first)));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") close();
    else moveByArrows(event);
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) close();
  };

  return (
    <search className={styles.finder} onKeyDown={onKeyDown} onBlur={onBlur}>
      <Input
        type="search"
        autoComplete="off"
        prefix={<SearchOutlined aria-hidden />}
        aria-label={t("person.find")}
        placeholder={t("person.find")}
        data-testid="find"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={openFirst}
      />
      {text.trim() !== "" && (found.data || found.isError) && (
        <div className={styles.found} aria-live="polite" data-testid="found">
          {customers.length === 0 && (
            <p className={styles.nobody}>
              {found.isError ? problemText(found.error).happened : t("person.nobody_found")}
            </p>
          )}
          {customers.map((customer) => (
            <Link
              key={customer.id}
              to={addressOf(customerName(customer))}
              className={styles.person ?? ""}
              onClick={close}
            >
              {titleOf(customer)}
              <small className={styles.more}>{subtitleOf(customer)}</small>
            </Link>
          ))}
        </div>
      )}
    </search>
  );
}
