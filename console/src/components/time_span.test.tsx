import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { TimeSpan } from "./time_span";

const PLACES = Array.from({ length: 31 }, (_, index) => `day ${index}`);

function Held() {
  const [value, setValue] = useState({ from: 10, to: 30 });
  return <TimeSpan places={PLACES} value={value} onChange={setValue} />;
}

describe("a span of time", () => {
  it("is moved by keys, a day, a week, to its limits, and never turns around", async () => {
    const user = userEvent.setup();
    render(<Held />);
    const [from, to] = screen.getAllByRole("slider") as [HTMLElement, HTMLElement];
    expect(from).toHaveAttribute("aria-valuetext", "day 10");
    from.focus();
    await user.keyboard("{ArrowRight}{PageUp}");
    expect(from).toHaveAttribute("aria-valuetext", "day 18");
    await user.keyboard("{End}");
    expect(from).toHaveAttribute("aria-valuetext", "day 29");
    await user.keyboard("{Home}");
    expect(from).toHaveAttribute("aria-valuetext", "day 0");
    to.focus();
    await user.keyboard("{Home}");
    expect(to).toHaveAttribute("aria-valuetext", "day 1");
  });
});
