import type { PageEvent } from "@shared/protocol";

type Cause = PageEvent["cause"];
type Report = (event: PageEvent["event"], cause: Cause) => void;

/** Watches whether the candidate leaves the page or reaches for the clipboard; prevents what a page can prevent. */
export interface Guard {
  /** The ways in which the candidate is away from the page right now. */
  away(): Cause[];
  remove(): void;
}

/** Start watching; nothing is prevented or reported while ``active`` says no. */
export function watchPage(active: () => boolean, report: Report): Guard {
  const away = new Set<Cause>();
  const stop = new AbortController();
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    target.addEventListener(type, listener, { signal: stop.signal, capture: true });

  const move = (left: boolean, cause: Cause): void => {
    if (left === away.has(cause)) return;
    if (left) away.add(cause);
    else away.delete(cause);
    if (active()) report(left ? "left" : "returned", cause);
  };
  on(document, "visibilitychange", () => move(document.visibilityState === "hidden", "hidden"));
  on(window, "blur", (event) => event.target === window && move(true, "focus_lost"));
  on(window, "focus", (event) => event.target === window && move(false, "focus_lost"));
  on(document, "fullscreenchange", () => move(document.fullscreenElement === null, "full_screen_left"));

  const prevent = (type: string, cause: Cause): void =>
    on(document, type, (event) => {
      if (!active()) return;
      event.preventDefault();
      report("clipboard", cause);
    });
  prevent("copy", "copy");
  prevent("cut", "cut");
  prevent("paste", "paste");
  prevent("contextmenu", "context_menu");
  on(document, "dragstart", (event) => event.preventDefault());
  on(window, "keydown", (event) => {
    const { ctrlKey, metaKey, key, repeat } = event as KeyboardEvent;
    if (!active() || !(ctrlKey || metaKey) || key.toLowerCase() !== "p") return;
    event.preventDefault();
    if (!repeat) report("clipboard", "print");
  });
  // Printing from a menu cannot be stopped, but paper stays blank: see the print rules of the style sheet.
  on(window, "beforeprint", () => active() && report("clipboard", "print"));

  return { away: () => [...away], remove: () => stop.abort() };
}

/** Fill the screen where the browser does not already; needs a click just before. */
export async function fillScreen(): Promise<void> {
  if (document.fullscreenElement !== null || matchMedia("(display-mode: fullscreen)").matches) return;
  try {
    await document.documentElement.requestFullscreen({ navigationUI: "hide" });
    // Where the browser allows it, closing a dialog with Escape does not leave the full screen.
    const { keyboard } = navigator as Navigator & { keyboard?: { lock(keys: string[]): Promise<void> } };
    await keyboard?.lock(["Escape"]);
  } catch {
    // A browser may refuse; the exam goes on in its window.
  }
}
