// Every address of the console.
import { lazy, type ReactNode, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { PageSkeleton } from "@/components/page_skeleton";
import { usePermissions } from "@/components/permissions";
import { RequireSession } from "@/features/sign_in/require_session";
import { FaultBoundary } from "./fault_boundary";
import { NotAllowedPage } from "./not_allowed_page";
import { NotFoundPage } from "./not_found_page";
import { MOVED, mayOpen, PAGES, type Page } from "./pages";
import { Shell } from "./shell";

const DemoPage = lazy(() => import("@/features/sign_in/demo_page"));
const SetupPage = lazy(() => import("@/features/sign_in/setup_page"));
const ResetPage = lazy(() => import("@/features/sign_in/reset_page"));
const SignInPage = lazy(() => import("@/features/sign_in/sign_in_page"));

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/setup" element={<Entered page={<SetupPage />} />} />
      <Route path="/reset" element={<Entered page={<ResetPage />} />} />
      <Route path="/demo" element={<Entered page={<DemoPage />} />} />
      <Route path="/sign-in" element={<Entered page={<SignInPage />} />} />
      <Route
        element={
          <RequireSession>
            <Shell />
          </RequireSession>
        }
      >
        {PAGES.map((page) => (
          <Route key={page.path} path={page.path} element={<Opened page={page} />} />
        ))}
        {MOVED.map(({ from, to }) => (
          <Route key={from} path={from} element={<Moved to={to} />} />
        ))}
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

// The pages in front of the shell.
function Entered({ page }: { page: ReactNode }) {
  return <Suspense fallback={null}>{page}</Suspense>;
}

// A page in its frame: who may not see it is told so, a mistake of ours stays within it.
function Opened({ page }: { page: Page }) {
  const permissions = usePermissions();
  const { pathname } = useLocation();
  if (!mayOpen(page, permissions)) return <NotAllowedPage />;
  return (
    <FaultBoundary key={pathname} within>
      <Suspense fallback={<PageSkeleton part />}>
        <page.Content />
      </Suspense>
    </FaultBoundary>
  );
}

function Moved({ to }: { to: string }) {
  const { search, hash } = useLocation();
  return <Navigate to={{ pathname: to, search, hash }} replace />;
}
