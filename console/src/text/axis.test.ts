import { isWritten, stepsTo } from "./axis";

describe("the lines of an axis", () => {
  it("are round and reach the most", () => {
    expect(stepsTo(100, 4)).toEqual([0, 50, 100]);
    expect(stepsTo(101, 4)).toEqual([0, 50, 100, 150]);
    expect(stepsTo(37, 4)).toEqual([0, 10, 20, 30, 40]);
    expect(stepsTo(1_234_567, 4)).toEqual([0, 500_000, 1_000_000, 1_500_000]);
  });

  it("count people: no halves, and something where there is nobody", () => {
    expect(stepsTo(0, 4)).toEqual([0, 1]);
    expect(stepsTo(1, 4)).toEqual([0, 1]);
    expect(stepsTo(3, 4)).toEqual([0, 1, 2, 3]);
  });
});

describe("the labels of an axis", () => {
  const written = (count: number, room: number) =>
    Array.from({ length: count }, (_, index) => index).filter((index) =>
      isWritten(index, count, { room, wide: 44 }),
    );

  it("are all written where there is room", () => {
    expect(written(3, 44)).toEqual([0, 1, 2]);
  });

  it("are thinned out from the last one on", () => {
    expect(written(6, 20)).toEqual([2, 5]);
    expect(written(30, 11)).toEqual([1, 5, 9, 13, 17, 21, 25, 29]);
  });
});
