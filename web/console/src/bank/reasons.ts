/** What a bank lacks is said in both languages, "…" · "…": the half of this page's language. */
export function inLanguage(said: string, english: boolean): string {
  const at = said.indexOf(" · ");
  if (at < 0) return said;
  return english ? said.slice(at + 3) : said.slice(0, at);
}

/** The reasons in a refusal that lists them after its first colon. */
export function reasonsOf(refusal: string): string[] {
  return refusal.replace(/^[^：]*：/, "").split("；").filter((reason) => reason !== "");
}
