// Customers, orders, imports, reviews, tags.
import { lost, silent, unpeopled } from "./pretended.mjs";

export const customers = ({ rule }) => [
  { name: "orders", path: "/orders", ready: "main table" },
  {
    name: "orders-filtered",
    path: "/orders?state=refunded&from=2010-01-01",
    ready: "main [data-testid=totals]",
  },
  {
    name: "orders-one",
    mockOnly: true,
    path: "/orders?order=A-0901",
    fullPage: false,
    ready: "dialog table",
  },
  {
    name: "orders-one-gone",
    path: "/orders?order=nothing-of-this-number",
    fullPage: false,
    ready: "dialog [role=alert]",
  },
  {
    name: "orders-nobody",
    path: "/orders?from=2001-01-01&to=2001-01-02",
    ready: "main section section",
  },
  {
    name: "orders-empty",
    before: async (page) => {
      const now = { position: "1", fresh: true };
      const none = { paid: "0.00", refunded: "0.00", net: "0.00" };
      await page.route("**/api/v1/orders?*", (route) =>
        route.fulfill({ json: { orders: [], next: null, ...now } }),
      );
      await page.route("**/api/v1/orders/summary", (route) =>
        route.fulfill({
          json: { orders: 0, orders_paid: 0, orders_of_tests: 0, ...none, ...now },
        }),
      );
    },
    path: "/orders",
    ready: "main section section",
  },
  {
    name: "orders-error",
    before: async (page) => {
      await lost("/orders?*")(page);
      await lost("/orders/summary")(page);
    },
    path: "/orders",
    ready: "main [role=alert]",
  },
  {
    name: "orders-loading",
    before: async (page) => {
      await silent("/orders?*")(page);
      await silent("/orders/summary")(page);
    },
    path: "/orders",
    ready: "[aria-busy=true]",
  },
  { name: "customers", path: "/customers", ready: "[data-testid=customers] .ant-tag" },
  {
    name: "customers-rule",
    path: `/customers?${new URLSearchParams({ rule })}`,
    ready: "[data-testid=customers] a[data-row]",
  },
  {
    name: "customers-export",
    path: `/customers?${new URLSearchParams({ rule })}`,
    act: (page) => page.click("[data-testid=export]"),
    ready: "dialog ul",
    fullPage: false,
  },
  {
    name: "customers-bulk",
    mockOnly: true,
    path: "/customers#search=CDNOW-0010",
    act: async (page) => {
      await page.click("[data-testid=customers] .ant-checkbox-wrapper");
      await page.locator("[data-testid=bulk] input").fill("等级/VIP");
      await page.locator("[data-testid=bulk] input").press("Enter");
    },
    ready: "[data-testid=bulk] p",
    fullPage: false,
  },
  {
    name: "customers-bulk-all",
    mockOnly: true,
    path: `/customers?${new URLSearchParams({ rule: "everyone" })}`,
    act: async (page) => {
      await page.locator("main .ant-btn-link").first().click();
      await page.locator("[data-testid=bulk] input").fill("等级/VIP");
      await page.locator("[data-testid=bulk] input").press("Enter");
    },
    ready: "dialog footer",
    fullPage: false,
  },
  {
    name: "customers-assign",
    mockOnly: true,
    path: "/customers#search=CDNOW-0010",
    act: async (page) => {
      await page.click("[data-testid=customers] .ant-checkbox-wrapper");
      await page.locator("[data-testid=bulk] select").selectOption("add_staff");
      await page.click("[data-testid=bulk] [role=combobox][aria-autocomplete]");
    },
    ready: "[data-testid=bulk] [role=option]",
    fullPage: false,
  },
  {
    name: "customers-first",
    before: unpeopled,
    path: "/customers",
    ready: "[data-testid=first_import]",
  },
  {
    name: "customers-empty",
    path: "/customers#search=zzz-no-one",
    ready: "[data-testid=customers]",
  },
  {
    name: "customers-error",
    before: lost("/customers/list"),
    path: "/customers",
    ready: "[role=alert]",
  },
  {
    name: "customers-loading",
    before: silent("/customers/list"),
    path: "/customers",
    ready: "[aria-busy=true]",
  },
  {
    name: "record",
    path: ({ customer }) => `/customers/${customer}`,
    ready: "[data-testid=history]",
  },
  { name: "record-empty", mockOnly: true, path: "/customers/new", ready: "[data-testid=totals]" },
  {
    name: "record-merged",
    mockOnly: true,
    path: "/customers/merged",
    ready: "[data-testid=reviews]",
  },
  {
    name: "record-erase",
    path: ({ customer }) => `/customers/${customer}`,
    act: (page) => page.click("[data-testid=person] header .ant-btn-dangerous"),
    ready: "dialog input",
    fullPage: false,
  },
  { name: "record-gone", path: "/customers/ghost", ready: "main h2" },
  {
    name: "record-error",
    before: lost("/customers/*"),
    path: "/customers/x",
    ready: "[role=alert]",
  },
  {
    name: "record-loading",
    before: silent("/customers/*"),
    path: "/customers/x",
    ready: "[aria-busy=true]",
  },
  {
    name: "imports",
    path: "/customers/import",
    ready: "main a[href^='/customers/import/']",
  },
  {
    name: "imports-empty",
    before: async (page) => {
      await page.route("**/api/v1/imports?*", (route) =>
        route.fulfill({ json: { imports: [], next: null } }),
      );
      await page.route("**/api/v1/uploads", (route) => route.fulfill({ json: { uploads: [] } }));
    },
    path: "/customers/import",
    ready: "main section section h2",
  },
  {
    name: "imports-error",
    before: lost("/imports?*"),
    path: "/customers/import",
    ready: "[role=alert]",
  },
  {
    name: "imports-loading",
    before: silent("/imports?*"),
    path: "/customers/import",
    ready: "[aria-busy=true]",
  },
  {
    name: "import",
    path: ({ made }) => `/customers/import/${made}`,
    ready: "[data-testid=counts]",
  },
  {
    name: "import-error",
    before: lost("/imports/*"),
    path: ({ made }) => `/customers/import/${made}`,
    ready: "[role=alert]",
  },
  { name: "import-gone", path: "/customers/import/999", ready: "main h2" },
  {
    name: "upload",
    mockOnly: true,
    path: "/customers/import/file/101",
    act: (page) => page.click("summary >> nth=0"),
    ready: "[data-testid=made]",
  },
  {
    name: "upload-error",
    before: lost("/uploads/*"),
    path: "/customers/import/file/101",
    ready: "[role=alert]",
  },
  { name: "upload-gone", path: "/customers/import/file/999", ready: "main h2" },
  { name: "reviews", mockOnly: true, path: "/customers/reviews", ready: "main table" },
  {
    name: "reviews-decided",
    mockOnly: true,
    path: "/customers/reviews?state=decided",
    ready: "main table",
  },
  {
    name: "reviews-empty",
    before: (page) =>
      page.route("**/api/v1/merge-reviews?*", (route) =>
        route.fulfill({ json: { merge_reviews: [], next: null } }),
      ),
    path: "/customers/reviews",
    ready: "main section h2",
  },
  {
    name: "reviews-error",
    before: lost("/merge-reviews?*"),
    path: "/customers/reviews",
    ready: "[role=alert]",
  },
  {
    name: "reviews-loading",
    before: silent("/merge-reviews?*"),
    path: "/customers/reviews",
    ready: "[aria-busy=true]",
  },
  { name: "tags", path: "/tags", ready: "[data-figures] a, main h2" },
  {
    name: "tags-empty",
    before: (page) =>
      page.route("**/api/v1/tags", (route) => route.fulfill({ json: { groups: [] } })),
    path: "/tags",
    ready: "main h2",
  },
  { name: "tags-error", before: lost("/tags"), path: "/tags", ready: "[role=alert]" },
  { name: "tags-loading", before: silent("/tags"), path: "/tags", ready: "[aria-busy=true]" },
];
