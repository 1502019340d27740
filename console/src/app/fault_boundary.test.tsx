import { render, screen } from "@testing-library/react";
import { FaultBoundary } from "./fault_boundary";

function Broken(): never {
  throw new Error("a mistake of ours");
}

it("says so when a page cannot be drawn", () => {
  const silenced = vi.spyOn(console, "error").mockImplementation(() => {});
  render(
    <FaultBoundary>
      <Broken />
    </FaultBoundary>,
  );
  expect(screen.getByRole("alert")).toHaveTextContent("出了点问题");
  expect(screen.getByRole("alert")).toHaveTextContent("告诉工程师");
  expect(screen.getByRole("alert")).not.toHaveTextContent("a mistake of ours");
  silenced.mockRestore();
});
