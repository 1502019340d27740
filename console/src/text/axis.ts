// Where an axis of values has its lines, and which of many labels find room below.

// From zero to at least `most`, about `lines` steps of 1, 2 or 5 times a power of ten; whole
// numbers only, because people are counted. Never empty: [0, 1] where there is nothing.
export function stepsTo(most: number, lines: number): number[] {
  const rough = Math.max(1, most / lines);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

// Whether the label at `index` of `count` is written when each has `room` and needs `wide`; the
// last one always is.
export function isWritten(index: number, count: number, { room, wide }: Room): boolean {
  return (count - 1 - index) % Math.max(1, Math.ceil(wide / room)) === 0;
}

interface Room {
  room: number;
  wide: number;
}
