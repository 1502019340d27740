import { lagOf } from "./lag";

describe("the memory's lag", () => {
  it("is told in places of the log where they can be counted", () => {
    expect(lagOf("12", "12")).toBe(0);
    expect(lagOf("15", "12")).toBe(3);
    // The memory went on reading after the log was asked.
    expect(lagOf("12", "15")).toBe(0);
    expect(lagOf("1-40-2", "1-40-2")).toBe(0);
    expect(lagOf("1-40-2", "1-37-9")).toBeNull();
    expect(lagOf("1-40-2", "1-41-1")).toBe(0);
  });
});
