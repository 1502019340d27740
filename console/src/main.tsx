import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { FaultBoundary } from "@/app/fault_boundary";
import { Providers } from "@/app/providers";
import { AppRoutes } from "@/app/routes";
import { startLanguage } from "@/text/language";
import "@/app/global.css";
import "@/app/shape.css";

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
