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

// "12.3%" of 0.123; with `digits` decimals at most.
export function formatShare(share: number, language: string, digits = 1): string {
  return new Intl.NumberFormat(language, {
    style: "percent",
    maximumFractionDigits: digits,
  }).format(share);
}

// "0.125", "12.4": three figures that count.
export function formatFigure(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value);
}

const MILLISECOND_US = 1000;

// "3.2 µs", "1.5 ms".
export function formatMicroseconds(microseconds: number, language: string): string {
  return microseconds < MILLISECOND_US
    ? `${formatFigure(microseconds, language)} µs`
    : `${formatFigure(microseconds / MILLISECOND_US, language)} ms`;
}

// A figure stands apart from the Chinese word after it, as everywhere here: "3 分钟前".
export function apart(text: string): string {
  return text.replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");
}

const KIB = 1024;
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

// "1.2 GiB", as the system's own tools count.
export function formatBytes(bytes: number, language: string): string {
  let unit = 0;
  let value = bytes;
  while (value >= KIB && unit < BYTE_UNITS.length - 1) {
    value /= KIB;
    ++unit;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return `${figure} ${BYTE_UNITS[unit]}`;
}

const SPANS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

// "3 days 4 hours": the two largest parts, less is not worth reading.
export function formatSpan(seconds: number, language: string): string {
  const first = SPANS.findIndex(([, length]) => seconds >= length);
  let rest = Math.max(0, Math.round(seconds));
  return SPANS.slice(first < 0 ? 3 : first, first < 0 ? 4 : first + 2)
    .map(([unit, length]) => {
      const count = Math.floor(rest / length);
      rest -= count * length;
      return { unit, count };
    })
    .filter(({ count }, index) => count > 0 || index === 0)
    .map(({ unit, count }) =>
      apart(
        new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count),
      ),
    )
    .join(" ");
}
