import { QueryClient } from "@tanstack/react-query";
import { askAgainAfter, type Changed } from "./changed";

// What is no longer taken for true of all that has been seen.
function doubtedAfter(changed: Changed): string[] {
  const client = new QueryClient();
  const seen = ["attributes", "audiences", "customers", "home", "lists", "names", "orders"];
  for (const key of [...seen, "rules", "tags", "session", "test_accounts", "audit"]) {
    client.setQueryData([key, "of something"], 1);
  }
  void askAgainAfter(client, changed);
  const all = client.getQueryCache().getAll();
  return all.filter(({ state }) => state.isInvalidated).map(({ queryKey }) => String(queryKey[0]));
}

describe("after a change", () => {
  it("of a person, figures and the list of test accounts are asked again", () => {
    for (const changed of ["customers", "test_accounts"] as const) {
      const doubted = doubtedAfter(changed);
      const figures = ["customers", "home", "orders", "rules", "test_accounts"];
      expect(doubted.sort()).toEqual(["audit", ...figures]);
    }
  });

  it("of a declaration, what rules and columns offer is", () => {
    expect(doubtedAfter("attributes")).toContain("names");
    expect(doubtedAfter("identity-kinds")).toContain("names");
    expect(doubtedAfter("consent-purposes")).toContain("names");
    expect(doubtedAfter("event-types")).toContain("names");
  });

  it("of a tag or a list, what audiences say is, and of users, who is signed in", () => {
    expect(doubtedAfter("tags")).toContain("audiences");
    expect(doubtedAfter("lists")).toContain("audiences");
    expect(doubtedAfter("users")).toContain("session");
  });

  it("of a setting, and after an import, everything is", () => {
    expect(doubtedAfter("settings")).toHaveLength(12);
    expect(doubtedAfter("imports")).toHaveLength(12);
  });

  it("of one's own sessions, no figure is", () => {
    expect(doubtedAfter("sessions")).toEqual(["audit"]);
  });
});
