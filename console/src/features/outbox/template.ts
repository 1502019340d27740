import type { Schema } from "@/api/client";

type Definition = Schema["HttpDefinition"];

// "Name: value" a line; null: a line that is none.
export function headersIn(text: string): Schema["ChannelHeader"][] | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const headers = lines.map((line) => {
    const at = line.indexOf(":");
    return { name: line.slice(0, at).trim(), value: line.slice(at + 1).trim(), at };
  });
  if (headers.some(({ at, name }) => at < 1 || name === "")) return null;
  return headers.map(({ name, value }) => ({ name, value }));
}

export function headersText(headers: readonly Schema["ChannelHeader"][] | undefined): string {
  return (headers ?? []).map(({ name, value }) => `${name}: ${value}`).join("\n");
}

// An object that a text says as JSON, "" none; null: it is no such text.
export function objectIn(text: string): Record<string, unknown> | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

// What the program gives itself, wherever it stands.
const GIVEN = ["effect_id", "timestamp", "timestamp_ms", "signature", "body"];

// What has to be given when the template is filled in, in the order it stands there: neither
// secrets nor what is always there. "$$" is a dollar.
export function valuesOf({ request, look_up }: Definition): string[] {
  const texts = [request, look_up?.request].flatMap((each) =>
    each
      ? [
          each.url,
          each.body ?? "",
          ...(each.headers ?? []).map(({ value }) => value),
          each.signature?.key ?? "",
          each.signature?.text ?? "",
        ]
      : [],
  );
  const found = texts
    .flatMap((text) => [...text.replaceAll("$$", "").matchAll(/\$\{([^}]+)\}/g)])
    .map(([, name = ""]) => name);
  return [...new Set(found)].filter((name) => !GIVEN.includes(name) && !name.startsWith("secret."));
}
