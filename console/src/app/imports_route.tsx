import { ImportsPage } from "@/features/imports/imports_page";

export default function ImportsRoute() {
  return <ImportsPage />;
}
