import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { CSRF_MISMATCH } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { NoticesProvider } from "@/components/notices";
import { forgetWithViewer } from "@/features/sign_in/session";
import { AppearanceProvider, useAppearance } from "./appearance";
import { TOKENS, themeFor } from "./theme";

// Set by the server in index.html; antd's style elements carry it.
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
}

// Within a dialog: nothing outside of it can be seen or reached while it is open.
function popupPlace(trigger?: HTMLElement): HTMLElement {
  return trigger?.closest("dialog") ?? document.body;
}

const RETRIES_MAX = 2;

// A lost connection or database may come back, a token is asked for anew; an answer stays.
function mayPass(error: Error): boolean {
  if (!(error instanceof ProblemError)) return false;
  const { status, code } = error.problem;
  return status === 503 || status === 0 || code === CSRF_MISMATCH;
}

export function newQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < RETRIES_MAX && mayPass(error),
      },
    },
  });
  forgetWithViewer(client);
  return client;
}

// What the program said in the other language is asked for again.
function useOneLanguage(client: QueryClient): void {
  const { i18n } = useTranslation();
  useEffect(() => {
    const ask = () =>
      void client.refetchQueries({ predicate: ({ state }) => state.status === "error" });
    i18n.on("languageChanged", ask);
    return () => i18n.off("languageChanged", ask);
  }, [client, i18n]);
}

const DOES_SOMETHING = "button[type=submit], button.ant-btn-primary";

// Whoever clicks twice means it once: what the second click would do again is left out.
function useOneClick(): void {
  useEffect(() => {
    const leaveOut = (event: MouseEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.detail < 2 || !target?.closest(DOES_SOMETHING)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("click", leaveOut, true);
    return () => document.removeEventListener("click", leaveOut, true);
  }, []);
}

export function Providers({ children, client }: { children: ReactNode; client?: QueryClient }) {
  const [queryClient] = useState(() => client ?? newQueryClient());
  useOneLanguage(queryClient);
  useOneClick();
  return (
    <QueryClientProvider client={queryClient}>
      <AppearanceProvider>
        <Looks>{children}</Looks>
      </AppearanceProvider>
    </QueryClientProvider>
  );
}

function Looks({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const { dark, still } = useAppearance();
  const chinese = i18n.language.startsWith("zh");
  return (
    <ConfigProvider
      theme={themeFor({ dark, still })}
      locale={chinese ? zhCN : enUS}
      csp={{ nonce: styleNonce() }}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      getPopupContainer={popupPlace}
    >
      <div className={`app ${TOKENS}`}>
        <NoticesProvider>{children}</NoticesProvider>
      </div>
    </ConfigProvider>
  );
}
