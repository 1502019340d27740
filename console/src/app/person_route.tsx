import { useParams } from "react-router";
import { PersonPage } from "@/features/person/person_page";

export default function PersonRoute() {
  const { customer = "" } = useParams();
  return <PersonPage key={customer} customer={customer} />;
}
