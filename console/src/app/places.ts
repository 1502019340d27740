// What the palette finds for a text: pages by name or address, people by the
// program's own search, audiences and settings by name.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answerOf, api } from "@/api/client";
import { type FoundCustomer, findCustomers } from "@/api/found";
import { usePermissions } from "@/components/permissions";
import { useSentences } from "@/components/rule/rule_sentence";
import { useDebounced } from "@/components/use_debounced";
import { audienceAddress, customerAddress, settingAddress } from "@/text/address";
import { subtitleOf, titleOf } from "@/text/customer";
import { mayOpen, PAGES } from "./pages";

export interface Place {
  kind: "page" | "customer" | "audience" | "setting";
  to: string;
  label: string;
  more?: string;
}

const SEARCH_WAIT_MS = 150;
const CUSTOMERS_MAX = 6;
const AUDIENCES_MAX = 6;

interface Found {
  places: Place[];
  searching: boolean;
  error: unknown;
}

export function usePlaces(text: string): Found {
  const wanted = text.trim().toLowerCase();
  const settled = useDebounced(text.trim(), SEARCH_WAIT_MS);
  const customers = useCustomers(settled);
  const pages = usePages(wanted);
  const audiences = useAudiences(wanted);
  const settings = useSettings(wanted);
  const current = settled === text.trim() && settled !== "";
  return {
    places: [...pages, ...(current ? customers.found : []), ...audiences, ...settings],
    searching: wanted !== "" && (!current || customers.searching),
    error: current ? customers.error : null,
  };
}

function usePages(wanted: string): Place[] {
  const { t } = useTranslation();
  const permissions = usePermissions();
  return PAGES.filter(
    (page) =>
      // Of one thing each: found by what it is of.
      !page.path.includes(":") &&
      mayOpen(page, permissions) &&
      `${t(`page.${page.name}`)} ${page.path}`.toLowerCase().includes(wanted),
  ).map(({ path, name }) => ({ kind: "page", to: path, label: t(`page.${name}`) }));
}

function useCustomers(search: string) {
  const may = usePermissions().includes("customers.read");
  const asked = useQuery({
    queryKey: ["customers", "search", search, CUSTOMERS_MAX],
    enabled: may && search !== "",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => findCustomers(search, CUSTOMERS_MAX, signal),
  });
  const found = asked.data && !asked.isPlaceholderData ? asked.data.found.map(placeOf) : [];
  return { found, searching: asked.isFetching, error: asked.error };
}

function placeOf(customer: FoundCustomer): Place {
  const more = subtitleOf(customer);
  return {
    kind: "customer",
    to: customerAddress(customer),
    label: titleOf(customer),
    ...(more === "" ? {} : { more }),
  };
}

function useAudiences(wanted: string): Place[] {
  const may = usePermissions().includes("audiences.read");
  const asked = useQuery({
    queryKey: ["audiences"],
    enabled: may,
    queryFn: ({ signal }) => answerOf(api.GET("/audiences", { signal })),
  });
  const all = wanted === "" ? [] : (asked.data?.audiences ?? []);
  const found = all
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, AUDIENCES_MAX);
  const sentences = useSentences(found.map(({ rule }) => rule));
  return found.map(({ id, name }, index) => {
    const more = sentences[index];
    const place = { kind: "audience" as const, to: audienceAddress(id), label: name };
    return more === undefined ? place : { ...place, more };
  });
}

// Settings are known by the page that shows them; without it there is nothing to lead to.
function useSettings(wanted: string): Place[] {
  const { t, i18n } = useTranslation();
  const permissions = usePermissions();
  const shown = PAGES.some(
    (page) => page.path === "/settings/preferences" && mayOpen(page, permissions),
  );
  if (!shown || wanted === "") return [];
  const names = Object.keys(i18n.getResource(i18n.language, "translation", "setting") ?? {});
  const say = t as (key: string) => string;
  return names
    .map((name) => ({ name, label: say(`setting.${name}.label`) }))
    .filter(({ name, label }) => `${label} ${name}`.toLowerCase().includes(wanted))
    .map(({ name, label }) => ({ kind: "setting", to: settingAddress(name), label }));
}
