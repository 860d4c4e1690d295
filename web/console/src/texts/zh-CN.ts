import { itemsZhCN as items } from "@shared/items/texts";

import { zh as attempts } from "../attempts/texts";
import { zh as bank } from "../bank/texts";
import { zh as corrections } from "../corrections/texts";
import { zh as entry } from "../live/entry_texts";
import { zh as live } from "../live/texts";
import { zh as office } from "../office/texts";
import { zh as records } from "../records/texts";
import { zh as results } from "../results/texts";
import { zh as reviews } from "../reviews/texts";
import { zh as scoring } from "../scoring/texts";
import { zh as sessions } from "../sessions/texts";
import { zh as statistics } from "../statistics/texts";
import { zh as common } from "./common";

export const zhCN = { ...common, attempts, bank, corrections, entry, items, live, office, records, results, reviews, scoring, sessions, statistics };

/** What every language of this page says. */
export type Texts = typeof zhCN;
