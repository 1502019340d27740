import type { QueryClient } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { askFiguresAhead } from "@/features/home/asking";
import { sessionQuery } from "@/features/sign_in/session";
import { startLanguage } from "@/text/language";
import { FaultBoundary } from "./fault_boundary";
import { newQueryClient, Providers } from "./providers";
import { AppRoutes } from "./routes";
import "./global.css";
import "./shape.css";

export async function start(): Promise<void> {
  await startLanguage();
  const client = newQueryClient();
  if (location.pathname === "/") void askFirst(client);
  const content = (
    <FaultBoundary>
      <AppRoutes />
    </FaultBoundary>
  );
  // One that can hold a navigation back: what is not saved asks first.
  const router = createBrowserRouter([{ path: "*", element: content }]);
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <Providers client={client}>
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}

// What fails here is asked again, and told, by whoever shows it.
async function askFirst(client: QueryClient): Promise<void> {
  const session = await client.fetchQuery(sessionQuery).catch(() => null);
  if (session !== null) askFiguresAhead(client);
}
