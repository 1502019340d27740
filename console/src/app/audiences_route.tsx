import { AudiencesPage } from "@/features/audiences/audiences_page";

export default function AudiencesRoute() {
  return <AudiencesPage />;
}
