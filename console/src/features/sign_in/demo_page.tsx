import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useSearchParams } from "react-router";
import { ShellSkeleton } from "@/components/shell_skeleton";
import { useTitle } from "@/components/use_title";
import { Entrance } from "./entrance";
import { useEnterDemo } from "./session";

// The way in from the program beside the demo: its ticket is good for once.
export default function DemoPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const ticket = search.get("ticket") ?? "";
  const { mutate, isSuccess, isError } = useEnterDemo();
  const shown = useRef(false);
  useTitle(t("demo.entering"));
  useEffect(() => {
    if (shown.current) return;
    shown.current = true;
    mutate(ticket);
  }, [mutate, ticket]);

  if (isSuccess) return <Navigate to="/" replace />;
  if (!isError) return <ShellSkeleton />;
  return (
    <Entrance title={t("demo.title")} lead={t("demo.no_ticket")}>
      <Link to="/sign-in">{t("setup.to_sign_in")}</Link>
    </Entrance>
  );
}
