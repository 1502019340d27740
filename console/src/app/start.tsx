import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { startLanguage } from "@/text/language";
import { FaultBoundary } from "./fault_boundary";
import { Providers } from "./providers";
import { AppRoutes } from "./routes";
import "./global.css";
import "./shape.css";

export async function start(): Promise<void> {
  await startLanguage();
  const content = (
    <FaultBoundary>
      <AppRoutes />
    </FaultBoundary>
  );
  // One that can hold a navigation back: what is not saved asks first.
  const router = createBrowserRouter([{ path: "*", element: content }]);
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}
