import { useTranslation } from "react-i18next";
import { findCustomers } from "@/api/found";
import { customerName } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import { type Choosable, type Found, SearchField } from "./search_field";

const FOUND_MAX = 10;

export interface CustomerChoice extends Choosable {
  // How the program is asked for them.
  customer: string;
}

export async function findCustomerChoices(
  search: string,
  signal: AbortSignal,
): Promise<Found<CustomerChoice>> {
  const { found, more } = await findCustomers(search, FOUND_MAX, signal);
  const choices = found.map((each) => ({
    id: String(each.id),
    customer: customerName(each),
    label: titleOf(each),
    more: subtitleOf(each),
  }));
  return { found: choices, more };
}

interface Props {
  chosen: CustomerChoice | null;
  onChoose(one: CustomerChoice | null): void;
  // The id of who is never offered.
  but?: string;
}

// A customer, as quick search finds them.
export function CustomerField(props: Props) {
  const { t } = useTranslation();
  return (
    <SearchField {...props} label={t("person.find")} about="customers" find={findCustomerChoices} />
  );
}
