// Of whom changes are shown. Found by what somebody types, which goes in a body; what stands in
// the address is their number.
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { type CustomerChoice, findCustomerChoices } from "@/components/customer_field";
import { useMay } from "@/components/permissions";
import { type Found, SearchField } from "@/components/search_field";
import { titleOf } from "@/text/customer";
import styles from "./settings.module.css";

const NUMBER = /^c_\d{1,19}$/;

export const isCustomerNumber = (text: string) => NUMBER.test(text);

// Somebody erased is found by no search.
const byNumber = (customer: string): CustomerChoice => ({
  id: customer.slice("c_".length),
  customer,
  label: customer,
});

interface Props {
  id: string;
  // Their number; empty: of anybody and anything.
  value: string;
  onChange(customer: string): void;
}

export function AuditCustomerField({ id, value, onChange }: Props) {
  const { t } = useTranslation();
  const maySearch = useMay("customers.read");
  const record = useQuery({
    queryKey: ["customers", value],
    enabled: maySearch && value !== "",
    retry: false,
    queryFn: ({ signal }) =>
      answerOf(api.GET("/customers/{customer}", { params: { path: { customer: value } }, signal })),
  }).data;
  const find = async (text: string, signal: AbortSignal): Promise<Found<CustomerChoice>> => {
    if (isCustomerNumber(text)) return { found: [byNumber(text)], more: false };
    return maySearch ? findCustomerChoices(text, signal) : { found: [], more: false };
  };
  const known = record ? { ...byNumber(value), label: titleOf(record), more: value } : null;
  return (
    <div className={value === "" ? "" : styles.member}>
      <SearchField<CustomerChoice>
        id={id}
        label={t("audit.customer_hint")}
        about="customers"
        way="found_or_numbered"
        find={find}
        chosen={value === "" ? null : (known ?? byNumber(value))}
        onChoose={(one) => onChange(one?.customer ?? "")}
      />
      {value !== "" && (
        <Button type="text" onClick={() => onChange("")}>
          {t("users.nobody")}
        </Button>
      )}
    </div>
  );
}
