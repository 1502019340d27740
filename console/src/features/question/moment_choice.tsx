import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useZone } from "@/components/zone";
import { wallTime } from "@/text/moment";

interface Props {
  value: string | null;
  onChange(value: string | null): void;
}

// The moment a question is asked at, by the workspace's clock; empty is now. The picker's day.js
// values carry only the figures on the clock, never an instant of the browser's zone.
export function MomentChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const zone = useZone();
  return (
    <DatePicker
      value={value === null ? null : dayjs(wallTime(value, zone))}
      onChange={(chosen) => onChange(chosen ? chosen.format("YYYY-MM-DDTHH:mm:ss.SSS") : null)}
      showTime={{ format: "HH:mm", defaultOpenValue: dayjs("2000-01-01T00:00:00") }}
      format="YYYY-MM-DD HH:mm"
      showNow={false}
      placeholder={t("question.now")}
      aria-label={t("question.at", { zone })}
      title={t("question.at", { zone })}
      inputReadOnly={false}
      style={{ width: 200 }}
    />
  );
}
