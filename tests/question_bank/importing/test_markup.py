"""Foreign HTML becomes text of items: what is shown stays, what acts goes, what would be lost is a problem."""

import base64
import io
import re
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from question_bank.importing.formulas import formulas_in
from question_bank.importing.limits import MARKUP_DEPTH_MAX, MARKUP_ELEMENTS_MAX, PICTURE_SIDE_MAX
from question_bank.importing.markup import Passage, TextReader, joined, texts_of
from question_bank.importing.problems import Findings
from question_bank.importing.sanitising import sanitised
from question_bank.importing.tables import whole_row
from question_bank.items import HTML_CHARS_MAX, OPTION_CHARS_MAX
from question_bank.pictures import PICTURE_BYTES_MAX, pictures_in

HERE = whole_row(7, "item.xml")


def png(width: int = 3, height: int = 2, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


class Reading:
    """One text read as HTML, with what was found."""

    def __init__(self, source: str, files: dict[str, bytes] | None = None) -> None:
        self.findings = Findings()
        self.reader = TextReader(self.findings, (files or {}).get)
        self.passage = self.reader.of_html(source, HERE)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.findings.problems]

    @property
    def warned(self) -> list[str]:
        return [problem.code for problem in self.findings.warnings]


class TestPlainText:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("甲", "甲"),
            ("<p>一</p>\n  <p>二 &lt; 三</p>", "一\n二 < 三"),
            ("一<br/>二", "一\n二"),
            ("<div><span class='x'>一</span>\n   二</div>", "一 二"),
            ("<p></p>&nbsp;<p>&#160;甲&nbsp;乙</p>", "甲 乙"),
            ("<html><head><title>T</title></head><body>甲</body></html>乙", "甲乙"),
        ],
    )
    def test_is_what_only_has_words_and_lines(self, source: str, text: str) -> None:
        assert Reading(source).passage.text == text

    def test_of_a_plain_cell_keeps_angle_brackets(self) -> None:
        passage = TextReader(Findings()).of_text("a<b> & c\nd", HERE)
        assert passage == Passage("a&lt;b&gt; &amp; c<br>d", "a<b> & c\nd")

    def test_keeps_what_means_something_as_html(self) -> None:
        html = "x<sup>2</sup>、H<sub>2</sub>O、<u>下划线</u>"
        assert Reading(html).passage == Passage(html, None)

    @pytest.mark.parametrize(
        "source", ["<div><div><p>甲<b>乙</b></p></div> <p></p></div>", "<div><p></p><p>甲<b>乙</b></p></div>"]
    )
    def test_leaves_no_empty_wrappers(self, source: str) -> None:
        assert Reading(source).passage.html == "甲<b>乙</b>"

    def test_keeps_lists_and_tables(self) -> None:
        html = '<table><tbody><tr><td rowspan="2">1</td></tr></tbody></table><ul><li>甲</li></ul>'
        assert Reading(html).passage.html == html

    def test_underline_of_a_style_stays_an_underline(self) -> None:
        assert Reading('<span style="text-decoration: underline">重点</span>').passage.html == "<u>重点</u>"


# Every one must come out harmless: sources of script as collected by those who break sanitisers.
ATTACKS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", "<math href='javascript:alert(1)'><mi>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml><mi>x</mi></math>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>", "<base href='//evil/'>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>", "<style>@import '//evil'</style>x",
    "<meta http-equiv=refresh content='0;url=//evil'>", "<object data='data:text/html,<script>1</script>'></object>",
    "<embed src='//evil'>", "<form action='//evil'><button formaction='javascript:1'>x</button></form>",
    "<link rel=stylesheet href='//evil'>", "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<xmp><script>alert(1)</script></xmp>",
    "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>'>",
    "<img src='picture:" + "0" * 64 + "' onerror=alert(1)>", "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<script>alert(1)</script>]]>",
    "<input autofocus onfocus=alert(1)>",
]  # fmt: skip
ALARMING = re.compile(
    r"<script|<[^>]* on\w+=|<[^>]*javascript:|<iframe|<[^>]*(href|style|action)=|<(form|link|base)"
)


class TestAttacks:
    @pytest.mark.parametrize("source", ATTACKS)
    def test_come_out_harmless(self, source: str) -> None:
        reading = Reading(f"甲{source}乙")
        assert not ALARMING.search(reading.passage.html)
        assert all(b"alert" not in picture.data for picture in reading.reader.pictures.values())

    @settings(deadline=None, max_examples=100)
    @given(
        st.lists(
            st.sampled_from(ATTACKS)
            | st.sampled_from(["<p>", "</p>", "<table>", "<b>", "<math>", "$x$", "'"])
        )
    )
    def test_together_come_out_harmless_and_settled(self, pieces: list[str]) -> None:
        html = Reading("".join(pieces)).passage.html
        assert not ALARMING.search(html)
        assert sanitised(html) == html

    @settings(deadline=None, max_examples=100)
    @given(st.text(alphabet=st.sampled_from("<>/abpimgsrc='\"&;$\\({}^_ \nx=甲-!"), max_size=60))
    def test_any_text_is_read(self, source: str) -> None:
        passage = Reading(source).passage
        assert not ALARMING.search(passage.html)
        TextReader(Findings()).of_text(source, HERE)

    @pytest.mark.parametrize("name", ["iframe", "video", "audio", "canvas", "input"])
    def test_what_would_be_lost_is_a_problem(self, name: str) -> None:
        reading = Reading(f"<p>甲<{name}></{name}></p>")
        assert reading.codes == ["unsupported_content"]
        assert reading.findings.problems[0].found == name
        assert (reading.findings.problems[0].row, reading.findings.problems[0].sheet) == (7, "item.xml")

    def test_scripts_and_links_are_said(self) -> None:
        reading = Reading("<script>1</script><a href='http://a.example/'>甲</a>")
        assert (reading.passage.text, reading.warned) == ("甲", ["script_dropped", "link_dropped"])


class TestSizes:
    @pytest.mark.parametrize(
        "source",
        [
            "<b>" * (MARKUP_DEPTH_MAX + 2) + "x",
            "<div>" * 5_000 + "x",
            "<p>x</p>" * (MARKUP_ELEMENTS_MAX + 1),
            "<table><tr><td>" * 40,
        ],
    )
    def test_too_deep_or_too_many_is_a_problem(self, source: str) -> None:
        reading = Reading(source)
        assert reading.codes == ["markup_too_deep"]
        assert not reading.passage.sound

    def test_sixty_levels_are_read(self) -> None:
        assert Reading("<div>" * (MARKUP_DEPTH_MAX - 3) + "甲").passage.text == "甲"

    def test_a_text_beyond_the_limit_is_a_problem(self) -> None:
        assert Reading("甲" * (HTML_CHARS_MAX + 1)).codes == ["text_too_long"]
        assert Reading("<i></i>" * 100_000).codes == ["markup_too_large"]

    def test_an_unclosed_tag_is_a_problem(self) -> None:
        assert Reading("甲 <b 乙").codes == ["unclosed_tag"]

    def test_control_characters_are_a_problem(self) -> None:
        assert Reading("甲\x00乙").codes == Reading("甲&#x1;乙").codes == ["control_character"]


class TestFormulas:
    @pytest.mark.parametrize(
        "source",
        [
            r"面积 $\pi r^2$", r"面积 \(\pi r^2\)", r"面积 $$\pi r^2$$", r"面积 \[\pi r^2\]",
            r'面积 <span class="math-tex">\(\pi r^2\)</span>', '面积 <span class="tex">\\pi r^2</span>',
            r'面积 <script type="math/tex">\pi r^2</script>', r'面积 <img data-equation-content="\pi r^2" src="/x">',
            "面积 <math><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup></math>",
            "面积 <m:math xmlns:m='http://www.w3.org/1998/Math/MathML'><m:mi>π</m:mi><m:msup><m:mi>r</m:mi><m:mn>2</m:mn>"
            "</m:msup></m:math>",
            "面积 <img src='x' data-mathml='«math»«mi»§pi;«/mi»«msup»«mi»r«/mi»«mn»2«/mn»«/msup»«/math»'>".replace(
                "§pi;", "π"
            ),
        ],
    )  # fmt: skip
    def test_become_mathml(self, source: str) -> None:
        passage = Reading(source).passage
        assert passage.sound
        assert passage.text is None
        assert re.fullmatch(
            r"面积 <math[^>]*>(<mrow>)?<mi>π</mi><msup><mi>r</mi><mn>2</mn></msup>(</mrow>)?</math>",
            passage.html,
        )

    def test_stand_in_plain_text_too(self) -> None:
        passage = TextReader(Findings()).of_text("若 $a<b$，则", HERE)
        assert passage.text is None
        assert passage.html.startswith('若 <math display="inline">')
        assert "<mo>&lt;</mo>" in passage.html
        assert passage.html.endswith("</math>，则")

    @pytest.mark.parametrize(
        "text",
        ["每件 $5 或 $10", "$5, or 10$ in all", "US$5/US$10", "变量$a和$b的值", "$a=$b", "100$", r"\$5\$"],
    )
    def test_prices_and_variables_are_none(self, text: str) -> None:
        findings = Findings()
        assert TextReader(findings).of_text(text, HERE).text == text
        assert not findings.problems

    @pytest.mark.parametrize(
        "tex",
        [r"\nosuchcommand{x}", r"\frac{1", "x}", r"\left( x", "x_", r"\begin{cases} x", r"\frac{1}", "^^"],
    )
    def test_that_nobody_can_convert_are_problems(self, tex: str) -> None:
        findings = Findings()
        assert not TextReader(findings).of_text(f"求 \\({tex}\\) 的值", HERE).sound
        assert [problem.code for problem in findings.problems] == ["bad_formula"]
        assert tex in findings.problems[0].found

    @pytest.mark.parametrize(
        "inner", ["<apply><plus/><ci>x</ci></apply>", "", "<mstack><mn>1</mn></mstack>", "<mi><mglyph/></mi>"]
    )
    def test_of_content_mathml_are_problems(self, inner: str) -> None:
        assert Reading(f"<math>{inner}</math>").codes == ["bad_formula"]

    @pytest.mark.parametrize("opening", ["\\(", "\\[", "$$ ", "$x ", "\\(\\["])
    def test_that_never_end_take_no_longer_than_others(self, opening: str) -> None:
        begun = time.process_time()
        formulas_in(opening * 30_000)
        # Seconds; quadratic reading takes minutes.
        assert time.process_time() - begun < 2

    def test_hold_words_with_signs(self) -> None:
        passage = TextReader(Findings()).of_text(r"\(\text{当 x<0 & <b>y</b>>1 时}\)", HERE)
        assert passage.sound
        assert "当&nbsp;x&lt;0&nbsp;&amp;&nbsp;&lt;b&gt;y&lt;/b&gt;&gt;1" in passage.html

    def test_of_several_lines_are_not_numbered(self) -> None:
        passage = TextReader(Findings()).of_text(r"\[\begin{eqnarray}a&=&b\\c&=&d\end{eqnarray}\]", HERE)
        assert passage.sound
        assert "".join(re.sub("<[^>]*>", " ", passage.html).split()) == "a=bc=d"

    def test_are_not_sought_in_code(self) -> None:
        assert Reading("<code>$x$</code>").passage.html == "<code>$x$</code>"

    def test_cut_by_a_line_break_are_problems(self) -> None:
        assert set(Reading("$$x<br>y$$").codes) == {"bad_formula"}

    def test_fences_are_written_out(self) -> None:
        html = Reading("<math><mfenced open='['><mi>a</mi><mi>b</mi></mfenced></math>").passage.html
        assert re.sub("<[^>]*>", "", html) == "[a,b)"


class TestPictures:
    def test_of_the_file_are_taken(self) -> None:
        reading = Reading(
            '图：<img src="images/a.png" alt="红" width="30px" onload="x">', {"images/a.png": png()}
        )
        (name,) = reading.reader.pictures
        assert reading.passage.html == f'图：<img src="picture:{name}" alt="红" width="30">'
        assert pictures_in(reading.passage.html) == (name,)
        assert reading.reader.pictures[name].media_type == "image/png"

    @pytest.mark.parametrize(
        ("kind", "taken"), [("JPEG", "jpeg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "png")]
    )
    def test_are_of_the_type_they_are(self, kind: str, taken: str) -> None:
        reading = Reading('<img src="a.png">', {"a.png": png(kind=kind)})
        assert [picture.media_type for picture in reading.reader.pictures.values()] == [f"image/{taken}"]

    def test_in_the_address_itself_are_taken(self) -> None:
        inside = base64.b64encode(png()).decode()
        assert len(Reading(f'<img src="data:image/png;base64,{inside}">').reader.pictures) == 1

    def test_of_objects_are_taken(self) -> None:
        reading = Reading('<object data="a" type="image/png"><p>红</p></object>', {"a": png()})
        assert 'alt="红"' in reading.passage.html

    @pytest.mark.parametrize(
        ("source", "code"),
        [
            ("a.png", "missing_picture"),
            ("", "missing_picture"),
            ("http://host.example/a.png", "remote_picture"),
            ("//host.example/a.png", "remote_picture"),
            ("file:///etc/passwd", "missing_picture"),
            ("data:image/png;base64,!!!", "not_a_picture"),
            ("data:text/html,<b>x</b>", "not_a_picture"),
            ("text", "not_a_picture"),
            ("cut", "not_a_picture"),
            ("wide", "picture_too_wide"),
            ("large", "picture_too_large"),
            ("picture:" + "0" * 64, "missing_picture"),
        ],
    )
    def test_that_cannot_be_shown_are_problems(self, source: str, code: str) -> None:
        files = {
            "text": b"no picture",
            "cut": png(200, 200)[:90],
            "wide": png(PICTURE_SIDE_MAX + 1, 1),
            "large": b"\x89PNG" + bytes(PICTURE_BYTES_MAX),
        }
        assert Reading(f'<img src="{source}">', files).codes == [code]

    def test_claiming_to_be_huge_are_refused_before_they_are_unpacked(self) -> None:
        bomb = bytearray(png())
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        bomb[29:33] = zlib.crc32(bomb[12:29]).to_bytes(4, "big")
        assert Reading('<img src="a">', {"a": bytes(bomb)}).codes == ["picture_too_wide"]

    def test_alone_stand_in_a_text(self) -> None:
        reader = TextReader(Findings())
        assert reader.of_picture(png(), HERE, alt='"甲"').html.count("picture:") == 1
        assert not reader.of_picture(b"x", HERE).sound


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


class TestSvg:
    @pytest.mark.parametrize(
        "inner",
        [
            "<script>alert(1)</script>", "<path d='M0 0' onclick='alert(1)'/>", "<use href='//evil/x#a'/>",
            "<a xlink:href='javascript:alert(1)'><path d='M0 0'/></a>", "<path fill='url(http://evil/)' d='M0 0'/>",
            "<set attributeName='href' to='javascript:alert(1)'/>",
        ],
    )  # fmt: skip
    def test_only_draws(self, inner: str) -> None:
        reading = Reading('<img src="a.svg">', {"a.svg": SVG.format(inner + '<circle r="1"/>').encode()})
        (picture,) = reading.reader.pictures.values()
        assert picture.media_type == "image/svg+xml"
        assert b"circle" in picture.data
        assert not re.search(rb"alert|evil|script|onclick", picture.data)

    @pytest.mark.parametrize(
        "inner",
        [
            "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
            "<image href='http://evil/a.png'/>", "<image href='data:image/svg+xml,x'/>", "<style>@import 'x'</style>",
            "<g>" * 200 + "</g>" * 200,
        ],
    )  # fmt: skip
    def test_that_shows_something_else_is_refused(self, inner: str) -> None:
        assert Reading('<img src="a">', {"a": SVG.format(inner).encode()}).codes == ["unsafe_picture"]

    @pytest.mark.parametrize("inward", ["url(#a)", "url('#a')", 'url( "#a" )'])
    def test_keeps_what_refers_to_itself(self, inward: str) -> None:
        svg = SVG.format(f"<circle r='1' fill='{inward.replace(chr(39), '&apos;')}'/>")
        reading = Reading('<img src="a">', {"a": svg.encode()})
        (picture,) = reading.reader.pictures.values()
        assert b"fill" in picture.data

    def test_with_entities_is_refused(self) -> None:
        bomb = '<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + SVG.format("<text>&b;</text>")
        assert Reading('<img src="a">', {"a": bomb.encode()}).codes == ["unsafe_picture"]

    def test_in_the_text_becomes_a_picture(self) -> None:
        reading = Reading('<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>')
        (picture,) = reading.reader.pictures.values()
        assert b'viewBox="0 0 9 9"' in picture.data


class TestElements:
    def test_of_xml_are_read_whatever_their_namespace(self) -> None:
        root = etree.fromstring(
            '<q:prompt xmlns:q="u"><h:p xmlns:h="v">甲<!-- no --><h:b>乙</h:b></h:p>丙</q:prompt>'
        )
        assert TextReader(Findings()).of_element(root, HERE).html == "<p>甲<b>乙</b></p>丙"

    def test_exact_ones_keep_every_character(self) -> None:
        root = etree.fromstring("<x> a  b<br/>$c$ </x>")
        assert TextReader(Findings()).of_element(root, HERE, exact=True).text == " a  b\n$c$ "

    @pytest.mark.parametrize(
        "html",
        [
            "<p>a  <b> $x$</b></p>",
            "<pre>a\n  b</pre>",
            "<math><mi>x</mi></math>",
            "a<br>b&nbsp;c",
            "<span>x</span>",
            "<hr>",
        ],
    )
    def test_exact_html_is_unchanged(self, html: str) -> None:
        xml = re.sub("<(br|hr)>", r"<\1/>", html).replace("&nbsp;", "\u00a0")
        root = etree.fromstring(f"<x>{xml}</x>")
        assert TextReader(Findings()).of_element(root, HERE, exact=True).html == html


class TestTextsOf:
    def test_are_plain_only_together(self) -> None:
        rich, plain = Passage("<b>x</b>", None), Passage("a &lt; b", "a < b")
        assert texts_of(plain, [plain])["stem"] == "a < b"
        assert texts_of(plain, [rich]) == {
            "markup": "html",
            "stem": "a &lt; b",
            "options": ("<b>x</b>",),
            "premises": (),
            "reference": "",
            "solution": "",
        }

    def test_too_long_for_plain_text_are_html(self) -> None:
        long = "甲" * (OPTION_CHARS_MAX + 1)
        assert texts_of(Passage("x", "x"), [Passage(long, long)])["markup"] == "html"

    def test_several_are_joined_line_by_line(self) -> None:
        assert joined([Passage("a", "a"), Passage(), Passage("b", "b")]).text == "a\nb"
        assert (
            joined([Passage("a", "a"), Passage("<b>b</b>", None)]).html == "<div>a</div><div><b>b</b></div>"
        )
