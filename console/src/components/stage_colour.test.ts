import { NEWCOMER, NEWCOMER_COLOUR, NO_STAGE, NO_STAGE_COLOUR, stageColours } from "./stage_colour";

describe("the colour of a stage", () => {
  it("is the stage's own in the model of life", () => {
    const colourOf = stageColours(["attracted", "acquired", "retained", "declining", "lost"]);
    expect(colourOf("retained")).toContain("#0E8A5F");
    expect(
      new Set(["attracted", "acquired", "retained", "declining", "lost"].map(colourOf)).size,
    ).toBe(5);
  });

  it("stays when stages are moved, and differs within a model", () => {
    const keys = ["aware", "interested", "considering", "buying", "retained", "advocating"];
    const colourOf = stageColours(keys);
    const moved = stageColours(keys.toReversed());
    expect(keys.map(colourOf)).toEqual(keys.map(moved));
    expect(new Set(keys.map(colourOf)).size).toBe(keys.length);
  });

  it("is grey outside", () => {
    const colourOf = stageColours(["aware"]);
    expect(colourOf(NO_STAGE)).toBe(NO_STAGE_COLOUR);
    expect(colourOf("gone")).toBe(NO_STAGE_COLOUR);
    expect(colourOf(NEWCOMER)).toBe(NEWCOMER_COLOUR);
  });
});
