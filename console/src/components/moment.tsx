import { useTranslation } from "react-i18next";
import { formatMoment, relativeMoment } from "@/text/moment";
import { useZone } from "./zone";

interface Props {
  value: string;
  // The date and time themselves, not how long ago.
  exact?: boolean;
}

// A moment in the workspace's zone; the whole of it on hover.
export function Moment({ value, exact = false }: Props) {
  const { i18n } = useTranslation();
  const zone = useZone();
  const relative = exact ? null : relativeMoment(value, Date.now(), i18n.language);
  return (
    <time dateTime={value} title={`${formatMoment(value, zone, true)} ${zone}`}>
      {relative ?? formatMoment(value, zone)}
    </time>
  );
}
