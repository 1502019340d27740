// Composes an audience with one person of it: features do not know each other.
import { useNavigate, useParams } from "react-router";
import { NotFoundPage } from "@/app/not_found_page";
import { AudiencePage } from "@/features/audiences/audience_page";
import { PersonPanel } from "@/features/person/person_panel";
import { questionAddress } from "@/text/address";

const ID = /^[1-9]\d*$/;

export default function AudienceRoute() {
  const { audience = "" } = useParams();
  const navigate = useNavigate();
  if (audience !== "new" && !ID.test(audience)) return <NotFoundPage />;
  return (
    <AudiencePage
      id={Number(audience)}
      renderPerson={(person, { rule, at }, onClose) => (
        <PersonPanel
          key={person}
          customer={person}
          rule={rule}
          at={at}
          onClose={onClose}
          onAskAt={(moment) => void navigate(questionAddress({ rule, at: moment, person }))}
        />
      )}
    />
  );
}
