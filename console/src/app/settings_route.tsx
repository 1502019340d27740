// The parts of the settings are the pages below it.
import { usePermissions } from "@/components/permissions";
import { SettingsPage, type SettingsPart } from "@/features/settings/settings_page";
import { mayOpen, PAGES } from "./pages";

export default function SettingsRoute() {
  const permissions = usePermissions();
  const parts = PAGES.filter(
    (page) => page.below === "/settings" && !page.hidden && mayOpen(page, permissions),
  );
  return (
    <SettingsPage parts={parts.map(({ name, path }) => ({ name: name as SettingsPart, path }))} />
  );
}
