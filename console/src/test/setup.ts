import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { startLanguage } from "@/text/language";

// What jsdom lacks and antd asks for.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
  }) as unknown as MediaQueryList;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Element.prototype.scrollIntoView ??= () => {};
// As browsers do: the focus goes in, and back to who had it, unless the dialog is gone already.
const openers = new WeakMap<HTMLDialogElement, Element | null>();
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
  if (this.contains(document.activeElement)) return;
  openers.set(this, document.activeElement);
  this.querySelector<HTMLElement>("button, input, select, textarea, a")?.focus();
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  const opener = openers.get(this);
  if (this.isConnected && opener instanceof HTMLElement) opener.focus();
};
window.scrollTo = () => {};

// A loaded machine is slow, not wrong.
configure({
  asyncUtilTimeout: 10_000,
  defaultHidden: true,
  getElementError: (message) => new Error(message ?? ""),
});

await startLanguage();

afterEach(() => cleanup());
