"""Templates for keepers who write a bank in Excel: a sheet to fill in, with an example of each kind, and one that
says how, in Chinese and English. The examples import without a problem; they are there to be overwritten.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from question_bank.exporting.spreadsheet import Column, SheetOut, Value, written
from question_bank.exporting.workbook import KIND_WORDS

_KINDS = tuple(KIND_WORDS.values())
_DIFFICULTIES = ("易", "较易", "中", "较难", "难")

_ITEM_COLUMNS = (
    Column("编号", 10),
    Column("题型", 10, _KINDS),
    Column("所属案例", 10),
    Column("题干", 46),
    Column("左项1", 12),
    Column("左项2", 12),
    Column("左项3", 12),
    Column("选项A", 18),
    Column("选项B", 18),
    Column("选项C", 18),
    Column("选项D", 18),
    Column("选项E", 12),
    Column("正确答案", 20),
    Column("解析", 30),
    Column("难度", 8, _DIFFICULTIES),
    Column("分值", 8),
    Column("鉴定点", 12),
    Column("标签", 16),
)
_OPTION_COLUMNS = (
    Column("题号", 8),
    Column("题型", 10, _KINDS),
    Column("所属案例", 10),
    Column("题干", 46),
    Column("左项", 16),
    Column("选项", 26),
    Column("是否正确", 10, ("√",)),
    Column("答案", 20),
    Column("解析", 30),
    Column("难度", 8, _DIFFICULTIES),
    Column("分值", 8),
    Column("鉴定点", 12),
    Column("标签", 16),
)

# The examples, as our own words about everyday safety on site.
_STEMS = {
    "判断题": "进入施工现场应佩戴安全帽并系好下颏带。",
    "单选题": "发现脚手架连墙件被拆除时，首先应当",
    "多选题": "使用手持电动工具前应检查",
    "填空题": "临时用电的三个配电级别依次是总配电箱、____和____，漏电动作时间不大于____秒。",
    "排序题": "发现有人触电后的处置顺序",
    "匹配题": "安全色与含义",
    "简答题": "简述班前安全交底应包括的内容。",
}
_CASE = "某工地塔式起重机安装完毕后未经验收即投入使用，吊运模板时一名工人在吊物下方通过。"
_PARTS = (("判断题", "起重机未经验收即投入使用是违规行为。"), ("单选题", "吊物下方有人通过时，司机应当"))


def template_by_item() -> bytes:
    """The template of one row per item."""
    return _book(_ITEM_COLUMNS, _item_examples(), _ITEM_RULES)


def template_by_option() -> bytes:
    """The template of one row per option."""
    return _book(_OPTION_COLUMNS, _option_examples(), _OPTION_RULES)


LAYOUTS: Mapping[str, Callable[[], bytes]] = {"item": template_by_item, "option": template_by_option}
"""The templates there are: one row per item, or one row per option."""


def _book(
    columns: Sequence[Column], examples: Sequence[Mapping[str, Value]], rules: Sequence[tuple[str, str, str]]
) -> bytes:
    rows = [[example.get(column.heading) for column in columns] for example in examples]
    about = [Column("栏目 column", 18), Column("填写说明", 70), Column("How to fill it in", 70)]
    return written([SheetOut("试题", columns, rows), SheetOut("填写说明", about, [*rules, *_RULES])])


def _item_examples() -> list[dict[str, Value]]:
    choice: dict[str, Value] = {"难度": "中", "分值": 1, "鉴定点": "A-1-01"}
    options: dict[str, Value] = {
        "选项A": "立即停止作业并报告",
        "选项B": "继续作业",
        "选项C": "下班后报告",
        "选项D": "自行恢复",
    }
    return [
        {
            "编号": "例1",
            "题型": "判断题",
            "题干": _STEMS["判断题"],
            "正确答案": "正确",
            **choice,
            "难度": "易",
            "解析": "帽带未系等于未戴。",
        },
        {
            "编号": "例2",
            "题型": "单选题",
            "题干": _STEMS["单选题"],
            **options,
            "正确答案": "A",
            **choice,
            "标签": "脚手架；班组",
        },
        {
            "编号": "例3",
            "题型": "多选题",
            "题干": _STEMS["多选题"],
            "选项A": "外壳",
            "选项B": "电源线",
            "选项C": "插头",
            "选项D": "油漆颜色",
            "正确答案": "ABC",
            **choice,
            "分值": 2,
        },
        {
            "编号": "例4",
            "题型": "填空题",
            "题干": _STEMS["填空题"],
            "正确答案": "分配电箱；开关箱 / 末级配电箱；0.1±0",
            "难度": Decimal("0.55"),
            "分值": 3,
        },
        {
            "编号": "例5",
            "题型": "排序题",
            "题干": _STEMS["排序题"],
            "选项A": "拨打急救电话",
            "选项B": "切断电源",
            "选项C": "判断有无呼吸",
            "正确答案": "B-C-A",
            "难度": "较难",
        },
        {
            "编号": "例6",
            "题型": "匹配题",
            "题干": _STEMS["匹配题"],
            "左项1": "红色",
            "左项2": "黄色",
            "左项3": "绿色",
            "选项A": "安全状态",
            "选项B": "禁止",
            "选项C": "警告",
            "选项D": "指令",
            "正确答案": "1-B；2-C；3-A",
        },
        {
            "编号": "例7",
            "题型": "简答题",
            "题干": _STEMS["简答题"],
            "正确答案": "作业内容；危险因素；防范措施；应急处置。",
            "分值": 5,
        },
        {"编号": "例8", "题型": "案例题", "题干": _CASE, "难度": "中"},
        {"编号": "例8-1", "题型": "判断题", "所属案例": "例8", "题干": _PARTS[0][1], "正确答案": "正确"},
        {
            "编号": "例8-2",
            "题型": "单选题",
            "所属案例": "例8",
            "题干": _PARTS[1][1],
            "选项A": "鸣号并停止吊运",
            "选项B": "加速通过",
            "正确答案": "A",
        },
    ]


def _option_examples() -> list[dict[str, Value]]:
    rows: list[dict[str, Value]] = []

    def item(number: str, kind: str, *lines: Mapping[str, Value], **first: Value) -> None:
        begin: dict[str, Value] = {"题号": number, "题型": kind, **first}
        rows.extend(
            [{**begin, **(lines[0] if lines else {})}, *({"题号": number, **line} for line in lines[1:])]
        )

    def options(right: str, *texts: str) -> list[dict[str, Value]]:
        return [
            {"选项": text, "是否正确": "√" if letter in right else None}
            for letter, text in zip("ABCDEF", texts, strict=False)
        ]

    item("1", "判断题", *options("A", "正确", "错误"), 题干=_STEMS["判断题"], 难度="易", 分值=1)
    choice = options("A", "立即停止作业并报告", "继续作业", "下班后报告", "自行恢复")
    item("2", "单选题", *choice, 题干=_STEMS["单选题"], 标签="脚手架；班组")
    item("3", "多选题", *options("ABC", "外壳", "电源线", "插头", "油漆颜色"), 题干=_STEMS["多选题"], 分值=2)
    blanks = [{"选项": "分配电箱"}, {"选项": "开关箱 / 末级配电箱"}, {"选项": "0.1±0"}]
    item("4", "填空题", *blanks, 题干=_STEMS["填空题"])
    order = [("拨打急救电话", "3"), ("切断电源", "1"), ("判断有无呼吸", "2")]
    item("5", "排序题", *({"选项": text, "是否正确": place} for text, place in order), 题干=_STEMS["排序题"])
    pairs = [("红色", "禁止"), ("黄色", "警告"), ("绿色", "安全状态"), (None, "指令")]
    item("6", "匹配题", *({"左项": left, "选项": right} for left, right in pairs), 题干=_STEMS["匹配题"])
    item("7", "简答题", 题干=_STEMS["简答题"], 答案="作业内容；危险因素；防范措施；应急处置。", 分值=5)
    item("8", "案例题", 题干=_CASE)
    item("9", "判断题", *options("A", "正确", "错误"), 题干=_PARTS[0][1], 所属案例="8")
    item("10", "单选题", *options("A", "鸣号并停止吊运", "加速通过"), 题干=_PARTS[1][1], 所属案例="8")
    return rows


_ITEM_RULES = (
    (
        "总则 rules",
        "每行一道试题；列的顺序可以改变，不用的列可以删除。文件全部无误才会导入，每个问题都会指出行和列。",
        "One row is one item; columns may change places, and those not used may go. A file is taken whole or not "
        "at all, and every problem is named with row and column.",
    ),
    (
        "选项A、选项B…",
        "最多 8 个选项（到选项H），从 A 起连续填写；判断题不填。匹配题的右项也填在这里。",
        "Up to 8 options (选项H), from A without a gap; none for true/false. The options of a matching item "
        "stand here too.",
    ),
    ("左项1、左项2…", "匹配题的左项，最多 12 个。", "The premises of a matching item, up to 12."),
)
_OPTION_RULES = (
    (
        "总则 rules",
        "每行一个选项，同一道题的各行相连；首行填写题型、题干等，其余各行可留空或重复题号。",
        "One row is one option, and the rows of an item follow each other; the first carries kind and stem, the others "
        "leave them blank or repeat the number.",
    ),
    (
        "是否正确",
        "正确选项填 √，其余留空；排序题填该选项的正确位次 1、2、3…。",
        "√ for a right option, nothing for others; for an ordering item the place of the option: 1, 2, 3 …",
    ),
    (
        "左项",
        "匹配题每行一对：左项与它对应的选项；只有选项没有左项的行是干扰项。",
        "A matching item has a pair in each row; an option without a premise beside it matches none.",
    ),
)
_RULES = (
    (
        "题型 kind",
        "判断题、单选题、多选题、填空题、排序题、匹配题、简答题、案例题。",
        "True/false, single, multiple, fill-in, ordering, matching, short answer, case.",
    ),
    (
        "题干 stem",
        "填空题用 ____ 标出每个空。图片可直接放在题干或选项的单元格上；公式写作 $x^2$（TeX）。",
        "A fill-in shows each blank as ____. Pictures may stand over the cell of a stem or option; formulas are "
        "written $x^2$ (TeX).",
    ),
    (
        "答案 answer",
        "判断：正确/错误；选择：A、ABD；排序：B-C-A；匹配：1-B；2-A；填空：空之间用 ；，同一空的几种写法用 / 隔开，"
        "数值写作 3.5±0.1 或 [3.4,3.6]，区分大小写时以 (Aa) 开头，"
        "字面的 ； / \\ 前加 \\；简答：参考答案；案例题本行不填。",
        "True/false: 正确 or 错误. Choices: A, ABD. Ordering: B-C-A. Matching: 1-B; 2-A. Fill-in: ； between blanks, / "
        "between accepted forms of one, numbers as 3.5±0.1 or [3.4,3.6], (Aa) in front where case matters, a backslash "
        "before a literal ； / \\. Short answer: the reference. Nothing for a case.",
    ),
    (
        "所属案例 case",
        "案例题一行写背景，其后的小题在“所属案例”填该行的编号或题号。",
        "A case's row holds the shared stem; its parts give its number here.",
    ),
    (
        "难度 difficulty",
        "难度系数 0–1（答对的比例，1 最易）、百分数，或 易=0.85 较易=0.75 中=0.60 较难=0.45 难=0.30；"
        "整列为 1–5 的整数时按等级读取，1 最易。",
        "0 to 1, the share expected to answer rightly, a percentage, or 易=0.85 较易=0.75 中=0.60 较难=0.45 难=0.30; a "
        "column of whole numbers 1 to 5 is read as levels, 1 the easiest.",
    ),
    (
        "分值 score",
        "建议分值，最多两位小数；以组卷方案为准。",
        "A proposed score of at most two decimals; the blueprint decides.",
    ),
    (
        "鉴定点 point",
        "细目表中鉴定点的代码，可留空。",
        "The code of an assessment point of the outline, or nothing.",
    ),
    ("标签 tags", "用 ；、，分隔，最多 20 个。", "Up to 20, with ； or 、 between them."),
    (
        "格式 markup",
        "可另加此列：文本、HTML；留空时自动判断。",
        "A column that may be added: 文本 or HTML; left out, pictures and formulas decide.",
    ),
)
