import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { startLanguage } from "@/text/language";
import { FaultBoundary } from "./fault_boundary";
import { Providers } from "./providers";
import { AppRoutes } from "./routes";
import "./global.css";
import "./shape.css";

export async function start(): Promise<void> {
  await startLanguage();
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <BrowserRouter>
        <Providers>
          <FaultBoundary>
            <AppRoutes />
          </FaultBoundary>
        </Providers>
      </BrowserRouter>
    </StrictMode>,
  );
}
