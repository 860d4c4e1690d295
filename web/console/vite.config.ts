import { defineConfig } from "vite";

import { page } from "../vite.shared.ts";

// History routes such as /sessions/7 load the same files, so addresses start at the root.
export default defineConfig({ ...page("console", "server/static/console"), base: "/" });
