// Questions, persons, audiences.
import { lost, silent, unpeopled } from "./pretended.mjs";

const question = (parameters) => `/audiences/ask?${new URLSearchParams(parameters)}`;

export const audiences = ({ mock, rule }) => [
  { name: "question-empty", path: "/audiences/ask", ready: "form" },
  {
    name: "question-first",
    before: unpeopled,
    path: "/audiences/ask",
    ready: "[data-testid=first_import]",
  },
  { name: "question", path: question({ rule }), ready: "[data-testid=people]" },
  {
    name: "question-at",
    path: question({ rule, at: "2026-02-01T08:00:00.000" }),
    ready: "[data-testid=count]",
  },
  {
    name: "question-heavy",
    mockOnly: true,
    path: question({ rule: "heavy" }),
    ready: "[data-testid=heavy]",
  },
  {
    name: "question-nobody",
    path: question({ rule: mock ? "nobody" : "not everyone" }),
    ready: "[data-testid=count]",
  },
  {
    name: "question-mistake",
    path: question({ rule: 'tag "等级/VIP🍎"\nand did order_paid in lst 30d' }),
    ready: "[data-mark=mistake]",
  },
  {
    name: "question-warning",
    path: question({ rule: "did order_piad" }),
    ready: "[data-mark=warning]",
  },
  {
    name: "question-completion",
    path: "/audiences/ask",
    act: async (page) => {
      await page.click("textarea");
      await page.keyboard.type("did order_p");
    },
    ready: "[role=listbox]",
  },
  {
    name: "question-error",
    before: lost("/rules/count"),
    path: question({ rule }),
    ready: "[role=alert]",
  },
  {
    name: "question-loading",
    before: silent("/rules/count"),
    path: question({ rule }),
    ready: "[aria-busy=true]",
  },
  {
    name: "person",
    path: ({ customer }) => question({ rule, person: customer }),
    ready: "[data-testid=history]",
  },
  {
    name: "person-empty",
    mockOnly: true,
    path: question({ person: "new" }),
    ready: "[data-testid=person] h4",
  },
  {
    name: "person-error",
    path: question({ rule, person: "ghost" }),
    ready: "[data-testid=person] [role=alert]",
  },
  {
    name: "person-loading",
    before: async (page) => {
      await silent("/customers/**")(page);
      await silent("/rules/explain")(page);
    },
    path: ({ customer }) => question({ rule, person: customer }),
    ready: "[data-testid=person] .ant-skeleton",
  },
  {
    name: "finder",
    mockOnly: true,
    path: "/audiences/ask",
    act: (page) => page.locator("[data-testid=find]").pressSequentially("138"),
    ready: "[data-testid=found] a",
    fullPage: false,
  },
  {
    name: "finder-empty",
    path: "/audiences/ask",
    act: (page) => page.locator("[data-testid=find]").pressSequentially("zzz-no-one"),
    ready: "[data-testid=found] p",
    fullPage: false,
  },
  { name: "audiences", path: "/audiences", ready: "main svg[role=img], main h2" },
  {
    name: "audiences-empty",
    before: (page) =>
      page.route("**/api/v1/audiences", (route) => route.fulfill({ json: { audiences: [] } })),
    path: "/audiences",
    ready: "main h2",
  },
  {
    name: "audiences-error",
    before: lost("/audiences"),
    path: "/audiences",
    ready: "[role=alert]",
  },
  {
    name: "audiences-loading",
    before: silent("/audiences"),
    path: "/audiences",
    ready: "[aria-busy=true]",
  },
  {
    name: "audience",
    path: ({ audience }) => `/audiences/${audience}`,
    ready: "[data-testid=people]",
  },
  {
    name: "audience-person",
    path: ({ audience, customer }) => `/audiences/${audience}?person=${customer}`,
    ready: "[data-testid=explanation]",
  },
  { name: "audience-empty", path: "/audiences/new", ready: "[data-testid=blocks] button" },
  {
    name: "audience-built",
    path: `/audiences/new?${new URLSearchParams({ rule })}`,
    ready: "[data-testid=live_count]",
  },
  {
    name: "audience-sequence",
    mockOnly: true,
    path: `/audiences/new?${new URLSearchParams({
      rule: "did product_viewed then cart_added within 1h same(sku) then not order_paid within 24h",
    })}`,
    ready: "[data-testid=live_count]",
  },
  {
    name: "audience-mistake",
    path: `/audiences/new?${new URLSearchParams({ rule: "did order_paid in lst 30d" })}`,
    ready: "[data-mark=mistake]",
  },
  {
    name: "audience-conflict",
    mockOnly: true,
    before: (page) =>
      page.route("**/api/v1/audiences/3", (route) =>
        route.request().method() === "PUT"
          ? route.fulfill({
              status: 409,
              contentType: "application/problem+json",
              body: JSON.stringify({
                type: "about:blank",
                title: "Conflict",
                status: 409,
                code: "audience.version_differs",
                detail: "",
              }),
            })
          : route.continue(),
      ),
    path: "/audiences/3",
    act: async (page) => {
      await page.locator("textarea[role=combobox]").fill("did order_paid >= 4 times");
      await page.locator("header .ant-btn-primary:not([disabled])").click();
    },
    ready: "[data-testid=conflict]",
  },
  {
    name: "audience-error",
    before: lost("/audiences/3"),
    path: "/audiences/3",
    ready: "[role=alert]",
  },
  {
    name: "audience-loading",
    before: silent("/audiences/3"),
    path: "/audiences/3",
    ready: "[aria-busy=true]",
  },
];
