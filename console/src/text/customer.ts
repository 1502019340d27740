// What a customer is called on a page.

interface Called {
  key: string;
  // null: nobody knows.
  name: string | null;
}

export function titleOf({ key, name }: Called): string {
  return name ?? key;
}

const PHONE_SHOWN = { first: 3, last: 4 };

// "138****8000": enough to tell somebody by, and not to call them.
export function maskedPhone(phone: string): string {
  const { first, last } = PHONE_SHOWN;
  if (phone.includes("*")) return phone;
  if (phone.length <= first + last) return "****";
  return `${phone.slice(0, first)}****${phone.slice(-last)}`;
}

interface Identified extends Called {
  identities: readonly { kind: string; value: string }[];
}

// What tells them apart from others of their name: the key, where it is not the title already, and
// the first phone.
export function subtitleOf({ key, name, identities }: Identified): string {
  const phone = identities.find(({ kind }) => kind === "phone")?.value;
  const parts = name === null ? [] : [key === phone ? maskedPhone(key) : key];
  if (phone !== undefined && phone !== key) parts.push(maskedPhone(phone));
  return parts.join(" · ");
}
