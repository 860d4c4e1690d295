import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { "@shared": fileURLToPath(new URL("./shared/src", import.meta.url)) } },
  test: { environment: "happy-dom", include: ["{exam,console,shared}/**/*.test.ts"] },
});
