import { describe, expect, it } from "vitest";

import { rendered } from "./markup";

const NAME = "0f".repeat(32);
function html(text: string, markup: "text" | "html" = "html", blanks = 0): string {
  const box = document.createElement("div");
  box.append(rendered(text, { markup, pictures: "/pictures/", blanks }));
  return box.innerHTML;
}

describe("rendered", () => {
  it("shows a text as it is, whatever it looks like", () => {
    expect(html("a < b & <b>c</b>", "text")).toBe("a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;");
  });
  it("numbers the blanks an item has and leaves other lines alone", () => {
    expect(html("甲____乙____丙____", "text", 2)).toBe('甲<span class="blank">1</span>乙<span class="blank">2</span>丙____');
    expect(html("<p>甲____</p><p>乙＿＿＿</p>", "html", 2)).toBe('<p>甲<span class="blank">1</span></p><p>乙<span class="blank">2</span></p>');
  });
  it("fetches pictures from the own station only", () => {
    expect(html(`<img src="picture:${NAME}" alt="图">`)).toContain(`src="/pictures/${NAME}"`);
    for (const foreign of ["https://example.org/a.png", "data:image/png;base64,AA", "picture:../x", "//x/y"]) {
      expect(html(`<img src="${foreign}" srcset="https://example.org/b 2x">`)).not.toContain("src");
    }
  });
  it.each([
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">甲</a>', "<iframe srcdoc='<p>'></iframe>",
    "<svg onload=alert(1)><script>1</script></svg>", "<p onclick=alert(1) style='background:url(https://example.org)'>甲</p>",
    "<form action=x><input name=y><button>甲</button></form>", "<style>*{display:none}</style>", "<base href='https://example.org'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:1' onclick='1'>x</mi></math>", "<div id=app class=page>甲</div>",
  ])("lets nothing in that runs, fetches, or poses as the page: %s", (text) => {
    expect(html(text)).not.toMatch(/script|on\w+=|href|src|style|form|input|button|iframe|svg|base|id=|class=/i);
  });
  it("keeps tables, marks and alignment", () => {
    expect(html('<table><tbody><tr><td colspan="2" style="text-align: right; color: red">1</td></tr></tbody></table>'))
      .toMatch(/<table><tbody><tr><td colspan="2" style="text-align: right;?">1<\/td><\/tr><\/tbody><\/table>/);
    expect(html("<p>m<sup>2</sup></p>")).toBe("<p>m<sup>2</sup></p>");
  });
});
