// The whole console at an address, against the pretended program.
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { newQueryClient, Providers } from "@/app/providers";
import { AppRoutes } from "@/app/routes";

// Without a client of the test's own, nothing is asked twice.
export function renderApp(address: string, client = impatientClient()) {
  const router = createMemoryRouter([{ path: "*", element: <AppRoutes /> }], {
    initialEntries: [address],
  });
  render(
    <Providers client={client}>
      <RouterProvider router={router} />
    </Providers>,
  );
  const search = () => new URLSearchParams(router.state.location.search);
  return { router, search, client, user: userEvent.setup({ delay: null }) };
}

function impatientClient() {
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  return client;
}
