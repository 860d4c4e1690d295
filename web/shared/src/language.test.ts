import { describe, expect, it } from "vitest";

import { startLanguage } from "./language";

describe("startLanguage", () => {
  it("is the language chosen before", () => {
    expect(startLanguage("en", ["zh-CN"])).toBe("en");
    expect(startLanguage("zh-CN", ["en-GB"])).toBe("zh-CN");
  });
  it("is the first language of the browser that we speak", () => {
    expect(startLanguage(null, ["fr", "en-GB", "zh"])).toBe("en");
    expect(startLanguage(null, ["zh-Hant", "en"])).toBe("zh-CN");
  });
  it("is Chinese when nothing else is known", () => {
    expect(startLanguage(null, [])).toBe("zh-CN");
    expect(startLanguage("klingon", ["fr"])).toBe("zh-CN");
  });
});
