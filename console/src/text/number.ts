// Figures as people read them here: thousands separators, and 万 or 亿 beside large ones in Chinese.

const ROUNDED_MIN = 10_000;

// "1,234,567"
export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

// "123.5万", "1.2M"; empty where the whole figure is easier to read (below 10,000).
export function roundedCount(value: number, language: string): string {
  if (Math.abs(value) < ROUNDED_MIN) return "";
  return new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 }).format(
    value,
  );
}

// "+12.3%" from before to now; "–" where there was nobody before.
export function formatChange(before: number, now: number, language: string): string {
  if (before === 0) return now === 0 ? "0%" : "–";
  return new Intl.NumberFormat(language, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 1,
  }).format((now - before) / before);
}
