/** A score as it is typed: digits and one point, of whole steps up to what the answer is worth. Hundredths. */
export function entered(typed: string, most: number, step: number): number | null {
  const plain = typed.trim().replace("．", ".").replace("。", ".");
  if (!/^\d{1,5}(\.\d{0,2})?$/.test(plain)) return null;
  const [whole = "0", rest = ""] = plain.split(".");
  const score = Number(whole) * 100 + Number(rest.padEnd(2, "0"));
  return score <= most && (score % step === 0 || score === most) ? score : null;
}
