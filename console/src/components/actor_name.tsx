import { useTranslation } from "react-i18next";

// Who did something, as the program writes it: "user:1 zhang.wei", "system:demo". The name; who has
// none by what they are.
export function ActorName({ actor }: { actor: string }) {
  return useActorName()(actor);
}

export function useActorName(): (actor: string) => string {
  const { t, i18n } = useTranslation();
  const say = t as (key: string) => string;
  return (actor) => {
    const [id = "", ...words] = actor.split(" ");
    const [kind = ""] = id.split(":");
    const known = [`audit.part.${id.replace(":", "_")}`, `audit.kind.${kind}`];
    const word = known.find((key) => i18n.exists(key));
    return words.join(" ") || (word === undefined ? id : say(word));
  };
}
