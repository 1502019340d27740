import { fewAtOnce } from "./few_at_once";

describe("questions in the background", () => {
  it("are three at a time, and all are answered", async () => {
    let running = 0;
    let most = 0;
    const { signal } = new AbortController();
    const ask = async (index: number) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      await Promise.resolve();
      --running;
      return index;
    };
    const all = Array.from({ length: 12 }, (_, index) => fewAtOnce(signal, () => ask(index)));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(most).toBe(3);
  });

  it("are not asked once nobody wants them, and let the next one in when one fails", async () => {
    const gone = new AbortController();
    gone.abort();
    const asked = vi.fn(async () => 1);
    await expect(fewAtOnce(gone.signal, asked)).rejects.toThrow();
    expect(asked).not.toHaveBeenCalled();
    const { signal } = new AbortController();
    const failing = Array.from({ length: 4 }, () =>
      fewAtOnce(signal, () => Promise.reject(new Error("lost"))),
    );
    expect((await Promise.allSettled(failing)).every(({ status }) => status === "rejected")).toBe(
      true,
    );
    expect(await fewAtOnce(signal, asked)).toBe(1);
  });
});
