import { useTranslation } from "react-i18next";
import { formatMoment, relativeMoment } from "@/text/moment";
import { useZone } from "./zone";

const BRIEF_LENGTH = "2026-01-31 08:00:00".length;

interface Props {
  value: string;
  // The date and time themselves, not how long ago.
  exact?: boolean;
  // To the second: of now, whose milliseconds say nothing.
  brief?: boolean;
  // To the millisecond: of what happens at an exact moment.
  whole?: boolean;
}

// A moment in the workspace's zone; the whole of it on hover.
export function Moment({ value, exact = false, brief = false, whole = false }: Props) {
  const { i18n } = useTranslation();
  const zone = useZone();
  const written = formatMoment(value, zone, whole);
  const relative = exact || whole ? null : relativeMoment(value, Date.now(), i18n.language);
  return (
    <time dateTime={value} title={`${formatMoment(value, zone, true)} ${zone}`}>
      {relative ?? (brief ? written.slice(0, BRIEF_LENGTH) : written)}
    </time>
  );
}
