import { CustomersPage } from "@/features/customers/customers_page";

export default function CustomersRoute() {
  return <CustomersPage />;
}
