import { isOld } from "./answered";

const HERE = { data: 1, isRefetchError: false, isPaused: false, isPlaceholderData: false };

describe("what is shown", () => {
  it("is from before when it cannot be asked for again", () => {
    expect(isOld(HERE)).toBe(false);
    expect(isOld({ ...HERE, isRefetchError: true })).toBe(true);
    expect(isOld({ ...HERE, isPaused: true })).toBe(true);
    expect(isOld({ ...HERE, isPaused: true, data: undefined })).toBe(false);
  });

  it("is of no moment while it only keeps the place of another answer", () => {
    expect(isOld({ ...HERE, isPaused: true, isPlaceholderData: true })).toBe(false);
  });
});
