"""A paper with every kind of item, as a seat would show it: tables, formulas, pictures, and a case."""

import hashlib
import io

from PIL import Image, ImageDraw

from protocol.keys import encode
from protocol.paper import SeatCase, SeatItem, SeatOption, SeatPaper, SeatPicture, SeatSection

MINUTE_MS = 60_000
FORMULA = (
    '<math display="block"><mi>σ</mi><mo>=</mo><mfrac><mi>F</mi><mi>A</mi></mfrac><mo>=</mo>'
    "<mfrac><mrow><mn>36</mn><mo>×</mo><msup><mn>10</mn><mn>3</mn></msup></mrow><mn>300</mn></mfrac></math>"
)
BACKGROUND = (
    "<p>某工地搭设一座高 12 m 的扣件式钢管脚手架。检查记录如下：</p>"
    "<table><tr><th>项目</th><th>要求</th><th>实测</th></tr>"
    "<tr><td>立杆间距</td><td>≤ 1.5 m</td><td>1.4 m</td></tr>"
    "<tr><td>连墙件</td><td>两步三跨</td><td>三步三跨</td></tr></table>"
    "<p>{picture}</p><p>作业人员未系安全带即在外侧作业。</p>"
    + "<p>监理要求停工整改，项目部按要求整改后申请复查。</p>"
    * 4
)


def drawing() -> SeatPicture:
    """A line drawing, so that a screen can be judged by eye."""
    image = Image.new("RGB", (640, 360), "white")
    pen = ImageDraw.Draw(image)
    for x in range(60, 600, 90):
        pen.line((x, 30, x, 330), fill="#333", width=5)
    for y in range(60, 330, 80):
        pen.line((40, y, 600, y), fill="#777", width=4)
    pen.line((60, 330, 600, 60), fill="#a33", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    data = out.getvalue()
    return SeatPicture(name=hashlib.sha256(data).hexdigest(), media_type="image/png", data=encode(data))


def options(*texts: str) -> list[SeatOption]:
    """Options in natural order."""
    return [SeatOption(letter=letter, text=text) for letter, text in zip("ABCDEFGH", texts, strict=False)]


def every_kind() -> SeatPaper:
    """Slots: 1 single with pictures, 2 fill-in, 3 ordering, 4 matching, 5 short answer, 6 to 8 one case."""
    picture = drawing()
    two, three = options("符合要求", "不符合要求"), options("系安全带", "停工整改", "继续作业")
    img = f'<img src="picture:{picture.name}" alt="脚手架立面">'
    sections = [
        _section("一、单选题", "single", SeatItem(
            slot=1, kind="single", markup="html", score=1000,
            stem=f"<p>杆件应力按 {FORMULA} 计算，下列图示正确的是<script>document.title='x'</script>：</p>",
            options=options(f"<p>{img}</p>", "<p>300 N/mm<sup>2</sup></p>", "<p>120 N/mm<sup>2</sup></p>"),
        )),
        _section("二、填空题", "fill_in", SeatItem(
            slot=2, kind="fill_in", score=1000, blanks=2, stem="安全电压在潮湿场所不超过____V，特别潮湿的不超过____V。",
        )),
        _section("三、排序题", "ordering", SeatItem(
            slot=3, kind="ordering", score=1000, stem="将灭火器的使用步骤按先后排序。",
            options=options("拔去保险销", "对准火焰根部", "检查压力表", "压下压把，左右扫射"),
        )),
        _section("四、匹配题", "matching", SeatItem(
            slot=4, kind="matching", score=1000, stem="将安全色与其含义匹配。", premises=["红色", "黄色", "蓝色"],
            options=options("注意、警告", "禁止、停止", "必须遵守的指令", "通行、安全"),
        )),
        _section("五、简答题", "short_answer", SeatItem(
            slot=5, kind="short_answer", score=2000, stem="简述动火作业前应落实的措施。\n（不少于三条）",
        )),
        SeatSection(
            title="六、案例题", kind="case", score_each=4000,
            cases=[SeatCase(markup="html", stem=BACKGROUND.format(picture=img))],
            items=[
                SeatItem(slot=6, kind="single", case=0, score=1000, stem="连墙件设置属于：", options=two),
                SeatItem(slot=7, kind="multiple", case=0, score=1000, stem="正确的做法有：", options=three),
                SeatItem(slot=8, kind="short_answer", case=0, score=2000, stem="指出存在的隐患。"),
            ],
        ),
    ]  # fmt: skip
    return SeatPaper(
        attempt="attempt-1", subject="职业（工种）理论知识", max_score=10_000, duration_ms=90 * MINUTE_MS,
        sections=sections, pictures=[picture],
    )  # fmt: skip


def _section(title: str, kind: str, item: SeatItem) -> SeatSection:
    return SeatSection.model_validate(
        {"title": title, "kind": kind, "score_each": item.score, "items": [item]}
    )
