"""What was expected instead, for the codes that only items of tables have: Chinese first, English second."""

EXPECTED_OF_TABLES: dict[str, tuple[str, str]] = {
    "differs_from_first": (
        "与该题首行（第 {other} 行）相同的内容：{first}",
        "as in the item's first row {other}: {first}",
    ),
    "picture_moved": (
        "图片放在题干、选项或“图片”列；此图已归入题干",
        "pictures over the stem, an option or the column 图片; this one was put to the stem",
    ),
    "unknown_mark": ("√ 或留空", "√ or nothing"),
    "answers_disagree": ("与标记的选项一致（{marked}）", "the options that are marked ({marked})"),
    "too_many_options": ("最多 {limit} 个选项", "at most {limit} options"),
    "options_not_wanted": ("留空（此题型不用这一列）", "nothing: this kind does not use this column"),
    "reference_not_read": (
        "简答题才有的评分参考；此处未读取",
        "a marking guide of a short answer; this one was not read",
    ),
    "background_not_read": (
        "与案例题首行相同的背景；此处的未读取",
        "the background of the case's own row; this one was not read",
    ),
    "incomplete_order": (
        "{limit} 个选项各出现一次的顺序",
        "an order that names each of the {limit} options once",
    ),
    "unknown_pairs": (
        "左项与选项的配对，如 1-B；2-A（左项 1–{limit}, 选项 {letters}）",
        "pairs such as 1-B; 2-A (premises 1 to {limit}, options {letters})",
    ),
    "pairs_beyond": (
        "左项 1–{limit} 与选项 {letters} 的配对",
        "pairs of premises 1 to {limit} with options {letters}",
    ),
    "incomplete_pairs": ("{limit} 个左项各有一个选项", "one option for each of the {limit} premises"),
    "too_few_premises": ("至少 {limit} 个左项", "at least {limit} premise"),
    "too_many_premises": ("最多 {limit} 个左项", "at most {limit} premises"),
    "too_many_blanks": ("最多 {limit} 个空", "at most {limit} blanks"),
    "blanks_differ": (
        "{limit} 个空的答案（题干有 {limit} 个空, 答案有 {given} 个；空之间用 ；, 字面的分号写作 \\；）",
        "answers for {limit} blanks as the stem shows ({given} given; between blanks ； or |, a literal one is \\；)",
    ),
    "no_blank_shown": ("题干中用 ____ 标出空", "blanks shown as ____ in the stem"),
    "blanks_split": (
        "各空之间用 ；（此处按“{separator}”分开, 请核对）",
        "； between blanks (split at “{separator}” here, please check)",
    ),
    "empty_blank": ("每空至少一个答案", "an answer for every blank"),
    "stroke_kept": (
        "请核对：读作一个答案；多种写法请用空格隔开的 / ",
        "please check: read as one answer; write several forms with spaces around the stroke",
    ),
    "number_not_read": (
        "请核对：读作文字而非数值；数值写作 3.5±0.1 或 [3.4,3.6]",
        "please check: read as a text; a number is written 3.5±0.1 or [3.4,3.6]",
    ),
    "several_numbers": ("每空一个数值", "one number for each blank"),
    "too_many_forms": ("每空最多 {limit} 种写法", "at most {limit} forms for each blank"),
    "no_reference": ("参考答案（供阅卷使用）", "a reference answer for the assessors"),
    "unknown_case": ("本表中一道案例题的编号", "the number of a case in this sheet"),
    "case_without_parts": (
        "至少一道所属小题（“所属案例”列填本题编号）",
        "at least one row that names this case",
    ),
    "case_with_answer": ("案例题答案写在各小题", "no answer here: the parts have theirs"),
    "too_many_parts": ("最多 {limit} 道小题", "at most {limit} parts"),
    "background_alone": (
        "请核对：只有本行属于此背景；同一案例的各行请合并或重复填写背景",
        "please check: only this row has the background; merge it over the rows of its case, or repeat it",
    ),
    "unknown_markup": ("文本 或 HTML", "text or HTML"),
    "too_many_tags": ("最多 {limit} 个标签", "at most {limit} tags"),
    "bad_version": ("大于 0 的整数", "a whole number above 0"),
    "not_an_item": ("完整的试题（{reason}）", "a sound item ({reason})"),
}
