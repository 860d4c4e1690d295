/** What changed between two texts, word by word: Chinese by character, the rest by word. */

export interface Piece {
  text: string;
  changed: boolean;
}

/** Above this many pairs of words the texts are told apart as wholes: nobody reads a difference that long. */
const PAIRS_MAX = 4_000_000;

const words = (text: string): string[] => text.match(/[A-Za-z0-9.]+|\s+|<[^>]*>|./gsu) ?? [];

/** Both texts in pieces; what is changed stands in only one of them. */
export function differences(before: string, after: string): { before: Piece[]; after: Piece[] } {
  const left = words(before);
  const right = words(after);
  if (left.length * right.length > PAIRS_MAX) return { before: [{ text: before, changed: before !== after }], after: [{ text: after, changed: before !== after }] };
  const kept = longestCommon(left, right);
  return { before: pieces(left, kept.left), after: pieces(right, kept.right) };
}

/** Which words both have, in order: the longest common subsequence. */
function longestCommon(left: readonly string[], right: readonly string[]): { left: Set<number>; right: Set<number> } {
  const wide = right.length + 1;
  const best = new Uint32Array((left.length + 1) * wide);
  const at = (row: number, column: number): number => best[row * wide + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      best[row * wide + column] = left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const found = { left: new Set<number>(), right: new Set<number>() };
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    if (left[row] === right[column]) {
      found.left.add(row++);
      found.right.add(column++);
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return found;
}

function pieces(all: readonly string[], kept: ReadonlySet<number>): Piece[] {
  const found: Piece[] = [];
  all.forEach((text, index) => {
    const changed = !kept.has(index);
    const last = found.at(-1);
    if (last?.changed === changed) last.text += text;
    else found.push({ text, changed });
  });
  return found;
}
