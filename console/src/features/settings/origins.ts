// The sites a public key is good from, as people paste them.

export const ORIGINS_MAX = 20;

// One per line: "https://shop.example.com/tea" is "https://shop.example.com". Null: a line is none.
export function originsFrom(text: string): string[] | null {
  const origins = text
    .split(/\s+/)
    .filter((line) => line !== "")
    .map(originOf);
  return origins.includes(null) ? null : [...new Set(origins as string[])];
}

function originOf(line: string): string | null {
  if (!/^https?:\/\//i.test(line)) return null;
  try {
    return new URL(line).origin;
  } catch {
    return null;
  }
}
