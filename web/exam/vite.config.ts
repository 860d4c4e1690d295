import { defineConfig } from "vite";

import { page } from "../vite.shared.ts";

export default defineConfig(page("exam", "station/static/exam"));
