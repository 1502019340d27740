// Composes the question with the person: features do not know each other.

import { PersonFinder } from "@/features/person/person_finder";
import { PersonPanel } from "@/features/person/person_panel";
import { useQuestionAddress } from "@/features/question/address";
import { QuestionPage } from "@/features/question/question_page";

export default function QuestionRoute() {
  const { close, moveTo, addressOf } = useQuestionAddress();
  return (
    <QuestionPage
      finder={<PersonFinder addressOf={addressOf} />}
      renderPerson={(person, { rule, at }) => (
        <PersonPanel
          key={person}
          customer={person}
          rule={rule}
          at={at}
          onClose={close}
          onAskAt={moveTo}
        />
      )}
    />
  );
}
