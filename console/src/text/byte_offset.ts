// The API counts bytes of UTF-8; the browser counts UTF-16 units.

// Index into `text` of the character at byte `offset`. Inside a character: that character's
// start; past the end: the length.
export function indexOfByte(text: string, offset: number): number {
  let bytes = 0;
  let index = 0;
  for (const character of text) {
    const next = bytes + bytesOf(character.codePointAt(0) as number);
    if (next > offset) return index;
    bytes = next;
    index += character.length;
  }
  return index;
}

// How many bytes of UTF-8 `text` takes. A lone surrogate counts as U+FFFD, as it is sent.
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) bytes += bytesOf(character.codePointAt(0) as number);
  return bytes;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
