// The workspace's time zone: every time on a page is shown in it.
import { createContext, use } from "react";

export const ZoneContext = createContext("Asia/Shanghai");

export function useZone(): string {
  return use(ZoneContext);
}
