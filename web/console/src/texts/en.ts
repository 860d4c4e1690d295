import { itemsEn as items } from "@shared/items/texts";

import { en as attempts } from "../attempts/texts";
import { en as bank } from "../bank/texts";
import { en as corrections } from "../corrections/texts";
import { en as entry } from "../live/entry_texts";
import { en as live } from "../live/texts";
import { en as office } from "../office/texts";
import { en as records } from "../records/texts";
import { en as results } from "../results/texts";
import { en as reviews } from "../reviews/texts";
import { en as scoring } from "../scoring/texts";
import { en as sessions } from "../sessions/texts";
import { en as statistics } from "../statistics/texts";
import { en as common } from "./common";
import type { Texts } from "./zh-CN";

export const en: Texts = { ...common, attempts, bank, corrections, entry, items, live, office, records, results, reviews, scoring, sessions, statistics };
