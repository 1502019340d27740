// Every address of the console.
import { Navigate, Route, Routes } from "react-router";
import { RequireSession } from "@/features/sign_in/require_session";
import { SetupPage } from "@/features/sign_in/setup_page";
import { SignInPage } from "@/features/sign_in/sign_in_page";
import { NotFoundPage } from "./not_found_page";
import { QuestionRoute } from "./question_route";
import { Shell } from "./shell";

export function AppRoutes() {
  return (
    <Routes>
      <Route path="/setup" element={<SetupPage />} />
      <Route path="/sign-in" element={<SignInPage />} />
      <Route
        element={
          <RequireSession>
            <Shell />
          </RequireSession>
        }
      >
        <Route path="/" element={<Navigate to="/question" replace />} />
        <Route path="/question" element={<QuestionRoute />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}
