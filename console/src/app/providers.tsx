import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/problem";
import { AppearanceProvider, useAppearance } from "./appearance";
import { themeFor } from "./theme";

// Set by the server in index.html; antd's style elements carry it.
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A lost connection or database may come back; an answer stays what it is.
        retry: (failures, error) =>
          failures < 2 &&
          error instanceof ProblemError &&
          (error.problem.status === 503 || error.problem.status === 0),
      },
    },
  });
}

export function Providers({ children, client }: { children: ReactNode; client?: QueryClient }) {
  const [queryClient] = useState(() => client ?? newQueryClient());
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
    >
      <App className="app">{children}</App>
    </ConfigProvider>
  );
}
