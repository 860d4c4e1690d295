/** Plain text as HTML that reads the same. */
export function htmlOf(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");
}

/** A small table to begin with. */
export const TABLE = "<table><tr><th></th><th></th></tr><tr><td></td><td></td></tr></table>";

/** An item's text as people compare it: without markup. */
export function plainOf(text: string, markup: "text" | "html"): string {
  if (markup === "text") return text;
  return new DOMParser().parseFromString(text.replace(/<(br|\/p|\/tr|\/li)\b/g, "\n<$1"), "text/html").body.textContent ?? "";
}
