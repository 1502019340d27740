import { useLocation } from "react-router";

// The token of a one-time link stands behind "#": browsers send that part to nobody, so that it is
// in no log on the way.
export function useLinkToken(): string {
  return new URLSearchParams(useLocation().hash.slice(1)).get("token") ?? "";
}
