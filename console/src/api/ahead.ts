// Questions every page begins with, asked before the rest of the console has been loaded. The
// client takes each answer once, instead of asking.

const asked = new Map<string, Promise<Response>>();

const addressOf = (path: string) => new URL(`/api/v1${path}`, document.baseURI).href;

export function askAhead(path: string): void {
  const address = addressOf(path);
  const answer = fetch(address, {
    credentials: "same-origin",
    headers: { "Accept-Language": document.documentElement.lang },
  });
  // Whoever takes it is told; nobody may.
  answer.catch(() => {});
  asked.set(address, answer);
}

// Nothing: it was not asked, or has been taken.
export function answerAhead({ method, url }: Request): Promise<Response> | undefined {
  if (method !== "GET") return undefined;
  const answer = asked.get(url);
  asked.delete(url);
  return answer;
}
