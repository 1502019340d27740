// What whoever is signed in may do, as the program says it: pages and buttons that would only be
// refused are not shown.
import { createContext, use } from "react";
import type { Schema } from "@/api/client";

export type Permission = Schema["Permission"];

export const PermissionsContext = createContext<readonly Permission[]>([]);

export function usePermissions(): readonly Permission[] {
  return use(PermissionsContext);
}

export function useMay(permission: Permission): boolean {
  return usePermissions().includes(permission);
}
