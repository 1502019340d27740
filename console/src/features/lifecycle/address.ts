// Addresses of Lifecycle and what stands in them.
export const modelAddress = (key: string) => `/lifecycle/models/${encodeURIComponent(key)}`;
export const modelEditAddress = (key: string) => `${modelAddress(key)}/edit`;

// Customers who satisfy a rule.
export const customersAddress = (rule: string) => `/customers?${new URLSearchParams({ rule })}`;
