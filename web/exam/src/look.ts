import { reactive, watchEffect } from "vue";

/** How the candidate likes to read; kept in this browser, never sent. */
export const SIZES = ["small", "medium", "large"] as const;
export const SCHEMES = ["light", "soft", "dark"] as const;
export const LAYOUTS = ["single", "list"] as const;

export interface Look {
  size: (typeof SIZES)[number];
  scheme: (typeof SCHEMES)[number];
  layout: (typeof LAYOUTS)[number];
}

const KEPT_AS = "kaochang.look";

/** Read what was kept; anything unknown falls back to the usual look. */
export function readLook(kept: string | null): Look {
  let found: Partial<Record<keyof Look, unknown>> = {};
  try {
    found = (JSON.parse(kept ?? "{}") ?? {}) as typeof found;
  } catch {
    // Written by something else: start anew.
  }
  const pick = <T extends string>(value: unknown, among: readonly T[], usual: T): T => among.find((one) => one === value) ?? usual;
  return {
    size: pick(found.size, SIZES, "medium"),
    scheme: pick(found.scheme, SCHEMES, "light"),
    layout: pick(found.layout, LAYOUTS, "single"),
  };
}

/** The look of this page, applied to the document and kept at every change. */
export function useLook(): Look {
  const look = reactive(readLook(localStorage.getItem(KEPT_AS)));
  watchEffect(() => {
    document.documentElement.dataset.size = look.size;
    document.documentElement.dataset.scheme = look.scheme;
    localStorage.setItem(KEPT_AS, JSON.stringify(look));
  });
  return look;
}
