/** Sizes of a tile in CSS pixels, so that what is not in sight need not be in the document to keep its place. */
export const TILE_PX_MIN = 118;
export const TILE_PX_MAX = 232;
export const WALL_TILE_PX_MIN = 224;
export const SIDE_PX = 12;
/** What a tile is high beside its picture: head, state, progress, borders. */
const WORDS_PX = 72;

export const heightOf = (tilePx: number): number => Math.round((tilePx * 9) / 16) + WORDS_PX;
