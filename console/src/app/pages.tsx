// The one table of the console's pages: menu, addresses, permissions and the palette are made of
// it. A page that does not exist has no row; a row nobody may see is nowhere shown.
import {
  AccountBookOutlined,
  BranchesOutlined,
  ContactsOutlined,
  HomeOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { type ComponentType, lazy, type ReactNode } from "react";
import type { Permission } from "@/components/permissions";
import type zh from "@/locales/zh-CN.json";

export interface Page {
  path: string;
  // Its words in the locales: page.NAME.
  name: keyof (typeof zh)["page"];
  // null: whoever is signed in.
  permission: Permission | null;
  // In the menu: below the page of this path. Undefined: at the top, where it has an icon.
  below?: string;
  icon?: ReactNode;
  // Reached by links only.
  hidden?: boolean;
  Content: ComponentType;
}

export const PAGES: readonly Page[] = [
  {
    path: "/",
    name: "home",
    permission: "audiences.read",
    icon: <HomeOutlined />,
    Content: lazy(() => import("./home_route")),
  },
  {
    path: "/customers",
    name: "customers",
    permission: "customers.read",
    icon: <ContactsOutlined />,
    Content: lazy(() => import("./customers_route")),
  },
  {
    path: "/customers/:customer",
    name: "customer",
    permission: "customers.read",
    below: "/customers",
    hidden: true,
    Content: lazy(() => import("./person_route")),
  },
  {
    path: "/customers/import",
    name: "imports",
    permission: "imports.read",
    below: "/customers",
    Content: lazy(() => import("./imports_route")),
  },
  {
    path: "/customers/import/:import",
    name: "import",
    permission: "imports.read",
    below: "/customers",
    hidden: true,
    Content: lazy(() => import("./import_route")),
  },
  {
    path: "/customers/import/file/:upload",
    name: "upload",
    permission: "imports.write",
    below: "/customers",
    hidden: true,
    Content: lazy(() => import("./upload_route")),
  },
  {
    path: "/customers/reviews",
    name: "reviews",
    permission: "customers.merge",
    below: "/customers",
    Content: lazy(() => import("./reviews_route")),
  },
  {
    path: "/tags",
    name: "tags",
    permission: "customers.read",
    below: "/customers",
    Content: lazy(() => import("./tags_route")),
  },
  {
    path: "/audiences",
    name: "audiences",
    permission: "audiences.read",
    icon: <TeamOutlined />,
    Content: lazy(() => import("./audiences_route")),
  },
  {
    path: "/audiences/:audience",
    name: "audience",
    permission: "audiences.read",
    below: "/audiences",
    hidden: true,
    Content: lazy(() => import("./audience_route")),
  },
  {
    path: "/audiences/live",
    name: "live",
    permission: "audiences.read",
    below: "/audiences",
    Content: lazy(() => import("@/features/audiences/live_page")),
  },
  {
    path: "/audiences/ask",
    name: "ask",
    permission: "audiences.read",
    below: "/audiences",
    Content: lazy(() => import("./question_route")),
  },
  {
    path: "/lifecycle",
    name: "lifecycle",
    permission: "audiences.read",
    icon: <BranchesOutlined />,
    Content: lazy(() => import("@/features/lifecycle/models_page")),
  },
  {
    path: "/lifecycle/models/:model",
    name: "lifecycle_model",
    permission: "audiences.read",
    below: "/lifecycle",
    hidden: true,
    Content: lazy(() => import("@/features/lifecycle/model_page")),
  },
  {
    path: "/lifecycle/models/:model/edit",
    name: "lifecycle_edit",
    permission: "audiences.write",
    below: "/lifecycle",
    hidden: true,
    Content: lazy(() => import("@/features/lifecycle/editor_page")),
  },
  {
    path: "/lifecycle/new",
    name: "lifecycle_new",
    permission: "audiences.write",
    below: "/lifecycle",
    hidden: true,
    Content: lazy(() => import("@/features/lifecycle/editor_page")),
  },
  {
    path: "/lifecycle/rfm",
    name: "rfm",
    permission: "audiences.read",
    below: "/lifecycle",
    Content: lazy(() => import("@/features/lifecycle/rfm_page")),
  },
  {
    path: "/lifecycle/rhythm",
    name: "rhythm",
    permission: "audiences.read",
    below: "/lifecycle",
    Content: lazy(() => import("@/features/lifecycle/rhythm_page")),
  },
  {
    path: "/lifecycle/win-back",
    name: "win_back",
    permission: "audiences.read",
    below: "/lifecycle",
    Content: lazy(() => import("@/features/lifecycle/win_back_page")),
  },
  {
    path: "/orders",
    name: "orders",
    permission: "customers.read",
    icon: <ShoppingOutlined />,
    Content: lazy(() => import("./orders_route")),
  },
  {
    path: "/ledger",
    name: "ledger",
    permission: "ledger.read",
    icon: <AccountBookOutlined />,
    Content: lazy(() => import("@/features/ledger/ledger_page")),
  },
  {
    path: "/ledger/:account",
    name: "ledger_account",
    permission: "ledger.read",
    below: "/ledger",
    hidden: true,
    Content: lazy(() => import("@/features/ledger/ledger_account_page")),
  },
  {
    path: "/settings",
    name: "settings",
    permission: "settings.read",
    icon: <SettingOutlined />,
    Content: lazy(() => import("./settings_route")),
  },
  {
    path: "/settings/users",
    name: "users",
    permission: "users.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/users_page")),
  },
  {
    path: "/settings/accounts",
    name: "accounts",
    permission: "accounts.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/accounts_page")),
  },
  {
    path: "/settings/stores",
    name: "stores",
    permission: "accounts.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/stores_page")),
  },
  {
    path: "/settings/staff",
    name: "staff",
    permission: "accounts.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/staff_page")),
  },
  {
    path: "/settings/staff/:staff",
    name: "staff_member",
    permission: "customers.read",
    below: "/settings",
    hidden: true,
    Content: lazy(() => import("@/features/settings/staff_member_page")),
  },
  {
    path: "/settings/keys",
    name: "keys",
    permission: "keys.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/keys_page")),
  },
  {
    path: "/settings/outbox",
    name: "outbox",
    permission: "outbox.read",
    below: "/settings",
    Content: lazy(() => import("@/features/outbox/outbox_page")),
  },
  {
    path: "/settings/webhooks",
    name: "webhooks",
    permission: "outbox.read",
    below: "/settings",
    Content: lazy(() => import("@/features/outbox/webhooks_page")),
  },
  {
    path: "/settings/http-channels",
    name: "http_channels",
    permission: "outbox.read",
    below: "/settings",
    Content: lazy(() => import("@/features/outbox/http_channels_page")),
  },
  {
    path: "/settings/preferences",
    name: "preferences",
    permission: "settings.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/preferences_page")),
  },
  {
    path: "/settings/events",
    name: "events",
    permission: "events.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/events_page")),
  },
  {
    path: "/settings/attributes",
    name: "attributes",
    permission: "customers.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/attributes_page")),
  },
  {
    path: "/settings/test-accounts",
    name: "test_accounts",
    permission: "customers.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/test_accounts_page")),
  },
  {
    path: "/settings/audit",
    name: "audit",
    permission: "audit.read",
    below: "/settings",
    Content: lazy(() => import("@/features/settings/audit_page")),
  },
  {
    path: "/settings/system",
    name: "system",
    permission: "system.read",
    below: "/settings",
    Content: lazy(() => import("@/features/system/system_page")),
  },
  {
    path: "/settings/backups",
    name: "backups",
    permission: "system.read",
    below: "/settings",
    Content: lazy(() => import("@/features/system/backups_page")),
  },
  {
    path: "/me",
    name: "me",
    permission: null,
    icon: <UserOutlined />,
    hidden: true,
    Content: lazy(() => import("@/features/me/me_page")),
  },
];

// Where pages have been before; what stood behind the `?` stays.
export const MOVED: readonly { from: string; to: string }[] = [
  { from: "/question", to: "/audiences/ask" },
];

export function mayOpen(page: Page, permissions: readonly Permission[]): boolean {
  return page.permission === null || permissions.includes(page.permission);
}

// The page an address belongs to, for the menu: the longest path it starts with.
export function pageOf(address: string): Page | undefined {
  return PAGES.filter(({ path }) => address === path || address.startsWith(`${path}/`))
    .toSorted((a, b) => a.path.length - b.path.length)
    .at(-1);
}
