import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { Dialog } from "./dialog";

function Page() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      <Dialog open={open} onClose={() => setOpen(false)} title="title">
        <input aria-label="field" />
      </Dialog>
    </>
  );
}

describe("a dialog", () => {
  it("gives the focus back to who opened it", async () => {
    const user = userEvent.setup();
    render(<Page />);
    const opener = screen.getByRole("button", { name: "open" });
    await user.click(opener);
    await user.click(screen.getByLabelText("field"));
    await user.click(screen.getByRole("button", { name: "关闭" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(opener).toHaveFocus();
  });

  it("is closed beside it, not by a press that begins or ends in it", async () => {
    const user = userEvent.setup();
    render(<Page />);
    await user.click(screen.getByRole("button", { name: "open" }));
    const dialog = screen.getByRole("dialog");
    const field = screen.getByLabelText("field");
    for (const [from, to] of [
      [field, dialog],
      [dialog, field],
    ] as const) {
      fireEvent.pointerDown(from);
      fireEvent.pointerUp(to);
      fireEvent.click(dialog);
      expect(screen.getByRole("dialog")).toBeInTheDocument();
    }
    const press = () => {
      fireEvent.pointerDown(dialog);
      fireEvent.pointerUp(dialog);
      fireEvent.click(dialog);
    };
    const clock = vi.spyOn(performance, "now");
    // The second press of the double click that opened it.
    clock.mockReturnValue(0);
    press();
    expect(screen.getByRole("dialog")).toBeInTheDocument();
    clock.mockReturnValue(Number.MAX_SAFE_INTEGER);
    press();
    expect(screen.queryByRole("dialog")).toBeNull();
    clock.mockRestore();
  });
});
