import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { River } from "./river";

const STAGES = [
  { key: "retain", label: "Kept" },
  { key: "decline", label: "Fading" },
];
const FLOWS = [
  { from: "retain", to: "retain", customers: 70 },
  { from: "retain", to: "decline", customers: 30 },
  { from: "", to: "", customers: 5000 },
];

describe("a river", () => {
  it("opens a flow from the picture and from the table, a stage from its bar", async () => {
    const picked: unknown[] = [];
    const user = userEvent.setup();
    render(
      <River
        label="river"
        stages={STAGES}
        flows={FLOWS}
        begin="1"
        end="2"
        onPick={(pick) => picked.push(pick)}
      />,
    );
    const picture = screen.getByRole("img", { name: "river" });
    expect(picture.querySelectorAll("path")).toHaveLength(2);
    await user.click(picture.querySelectorAll("path")[1] as Element);
    await user.click(picture.querySelector("rect[data-to=decline]") as Element);
    const rows = within(screen.getByRole("table")).getAllByRole("row");
    // Who has moved stands before who has stayed.
    expect(rows.map((row) => row.textContent).slice(1)).toEqual([
      expect.stringContaining("30%"),
      expect.stringContaining("70%"),
    ]);
    await user.click(within(rows[2] as HTMLElement).getByRole("button"));
    expect(picked).toEqual([
      { from: "retain", to: "decline" },
      { to: "decline" },
      { from: "retain", to: "retain" },
    ]);
  });
});
