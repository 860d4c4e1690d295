// What both pages build alike: where shared code lives, and files an offline browser can load from one address.
import { fileURLToPath, URL } from "node:url";

import vue from "@vitejs/plugin-vue";
import type { UserConfig } from "vite";

export function page(name: "exam" | "console", outDir: string): UserConfig {
  return {
    root: fileURLToPath(new URL(`./${name}/`, import.meta.url)),
    base: "./",
    publicDir: fileURLToPath(new URL("./shared/public", import.meta.url)),
    plugins: [vue()],
    resolve: { alias: { "@shared": fileURLToPath(new URL("./shared/src", import.meta.url)) } },
    define: { __VUE_I18N_FULL_INSTALL__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
    build: {
      outDir: fileURLToPath(new URL(`../${outDir}/`, import.meta.url)),
      emptyOutDir: true,
      target: "es2022",
      // A content policy without "data:" or inline scripts can serve these files.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
  };
}
