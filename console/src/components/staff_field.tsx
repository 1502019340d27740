import { useTranslation } from "react-i18next";
import { answerOf, api, type Schema } from "@/api/client";
import { type Choosable, SearchField } from "./search_field";

const FOUND_MAX = 20;

export interface StaffChoice extends Choosable {
  staff: number;
}

export function staffChoice({ id, name, number }: Pick<Schema["Staff"], "id" | "name" | "number">) {
  return { id: String(id), staff: id, label: name, more: number };
}

interface Props {
  id?: string;
  chosen: StaffChoice | null;
  onChoose(one: StaffChoice | null): void;
  above?: boolean;
  // Who cannot be chosen: what is done is done from theirs.
  but?: number;
}

// A member of staff who is here, by name or number.
export function StaffField({ but, ...field }: Props) {
  const { t } = useTranslation();
  const find = async (search: string, signal: AbortSignal) => {
    const query = { search, limit: FOUND_MAX };
    const { staff, next } = await answerOf(api.GET("/staff", { params: { query }, signal }));
    const here = staff.filter(({ state }) => state === "active");
    return { found: here.map(staffChoice), more: next !== null };
  };
  return (
    <SearchField
      {...field}
      label={t("staff.find")}
      about="staff"
      find={find}
      but={but === undefined ? undefined : String(but)}
    />
  );
}
