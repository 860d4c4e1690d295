"""What was expected instead, for every code of a problem or warning: Chinese first, English second."""

from question_bank.importing.wording_qti import IN_PACKAGES
from question_bank.importing.wording_tables import EXPECTED_OF_TABLES
from question_bank.importing.wording_texts import IN_TEXTS

EXPECTED: dict[str, tuple[str, str]] = {
    **IN_TEXTS,
    **EXPECTED_OF_TABLES,
    **IN_PACKAGES,
    # the file
    "file_too_large": ("文件不超过 {limit} 字节", "a file of at most {limit} bytes"),
    "empty_file": ("至少一道试题", "at least one item"),
    "not_readable": ("xlsx 工作簿或 csv 文本", "an xlsx workbook or a csv text"),
    "old_excel": ("xlsx（请用 Excel 另存为 .xlsx）", "xlsx (save it as .xlsx in Excel)"),
    "encrypted_workbook": ("未加密的 xlsx 工作簿", "a workbook without a password"),
    "broken_workbook": ("完整的 xlsx 工作簿", "an undamaged xlsx workbook"),
    "zip_bomb": ("解压后总量不超过 {limit}", "no more than {limit} when unpacked"),
    "xml_entities": ("不含 DOCTYPE 的工作簿", "a workbook without DOCTYPE or entities"),
    "undecodable": (
        "UTF-8、UTF-16（带 BOM）或 GB18030 编码的文本",
        "text in UTF-8, UTF-16 with BOM or GB18030",
    ),
    "western_encoding": (
        "请核对文字：文件不是 UTF-8，已按西文编码读取",
        "please check the letters: the file is not UTF-8 and was read in a Western encoding",
    ),
    "broken_csv": ("每个引号都成对的 csv", "a csv whose quotes are all closed"),
    "too_many_rows": ("最多 {limit} 行", "at most {limit} rows"),
    "too_many_columns": ("最多 {limit} 列", "at most {limit} columns"),
    "too_many_cells": ("最多 {limit} 个单元格", "at most {limit} cells"),
    "too_many_sheets": ("最多 {limit} 个工作表", "at most {limit} sheets"),
    "no_heading": ("前 {limit} 行中有表头：{names}", "a heading within the first {limit} rows: {names}"),
    "heading_twice": ("每个表头只出现一次", "each heading once"),
    "missing_heading": ("表头 {names}", "heading {names}"),
    "option_heading_gap": ("选项列从 A 起连续", "option columns from A without a gap"),
    "unknown_column": ("已知表头；本列未读取", "a known heading; this column was not read"),
    "sheet_not_read": ("含表头的工作表；本表未读取", "a sheet with a heading; this one was not read"),
    "hidden_sheet": ("可见的工作表；隐藏的工作表未读取", "a visible sheet; hidden ones are not read"),
    "hidden_sheet_read": ("可见的工作表；隐藏的工作表也已读取", "a visible sheet; this hidden one was read too"),
    "hidden_rows": (
        "可见的行；隐藏的 {count} 行也已读取",
        "visible rows; the {count} hidden ones were read too",
    ),
    "drawn_not_read": (
        "单元格中的文字和图片；文本框、图表和嵌入对象未读取",
        "texts and pictures in cells; text boxes, charts and embedded objects were not read",
    ),
    "ragged_row": ("不超过表头的 {limit} 列", "no more than the {limit} columns of the heading"),
    # a cell
    "cell_too_long": ("不超过 {limit} 个字符", "at most {limit} characters"),
    "formula_cell": ("文字而非公式（请粘贴为数值）", "text, not a formula (paste as values)"),
    "error_cell": ("文字而非错误值", "text, not an error value"),
    "date_cell": ("文字而非日期（请设为文本格式）", "text, not a date (format the cell as text)"),
    "formatted_number": (
        "按显示内容录入的文字（请设为文本格式）",
        "text as displayed (format the cell as text)",
    ),
    "merged_cell": ("未合并的单元格", "a cell that is not merged"),
    "control_character": ("可显示的文字（含 {character}）", "printable text (it contains {character})"),
    # an item
    "unknown_kind": (
        "判断、单选、多选、填空、排序、匹配、简答或案例题",
        "true/false, single, multiple, fill-in, ordering, matching, short answer or case",
    ),
    "empty_stem": ("题干", "a stem"),
    "empty_answer": ("正确答案", "an answer"),
    "unknown_answer": ("{letters} 中的字母", "letters among {letters}"),
    "unknown_verdict": ("正确/错误、对/错、√/×、A/B 或 T/F", "true/false in one of the usual spellings"),
    "answer_beyond_options": ("{letters} 之内", "within {letters}"),
    "answer_twice": ("每个字母一次", "each letter once"),
    "several_answers": ("{kind} 只有一个答案", "one answer for {kind}"),
    "one_answer": ("多选题通常有两个以上答案", "several answers for multiple choice"),
    "too_few_options": ("至少 {limit} 个选项", "at least {limit} options"),
    "option_gap": ("选项从 A 起连续, 中间不空", "options from A without a gap"),
    "duplicate_option": ("各选项互不相同（与 {other} 相同）", "options that differ (same as {other})"),
    "true_false_options": (
        "判断题选项为 正确/错误, 或留空",
        "the options of true/false: 正确/错误, or none",
    ),
    "bad_difficulty": (
        "0 到 1 的小数、百分数、易/较易/中/较难/难 或 1–5 级（整列一致）",
        "0 to 1, a percentage, 易/较易/中/较难/难, or levels 1 to 5 in the whole column",
    ),
    "difficulty_levels": (
        "难度按等级读取：{levels}（1 最易）",
        "read as levels, the easiest first: {levels}",
    ),
    "bad_score": ("大于 0 的分值, 最多两位小数", "a positive score of at most two decimals"),
    "bad_code": ("不超过 {limit} 个字符, 不含空白", "at most {limit} characters, no white space"),
    "duplicate_code": ("唯一的编号（与第 {other} 行相同）", "a code of its own (same as row {other})"),
    "duplicate_item": (
        "不重复的试题（题干、选项与第 {other} 行相同）",
        "an item of its own (stem and options as in row {other})",
    ),
    "contradicting_key": (
        "与第 {other} 行相同的答案（题干、选项相同, 答案不同）",
        "the answer of row {other} (same stem and options, another answer)",
    ),
    "same_stem": (
        "请确认不是重复试题（题干与第 {other} 行相同, 选项不同）",
        "please check: stem as in row {other}, other options",
    ),
    "near_duplicate": (
        "请确认不是重复试题（与第 {other} 行相似 {percent} %：{said}）",
        "please check: {percent} % the words of row {other}: {said}",
    ),
    # an outline
    "unknown_level": ("1、2、3 或 点", "1, 2, 3 or 点"),
    "level_skipped": ("上一级 {expected} 之后", "a row of level {expected} before"),
    "empty_code": ("代码", "a code"),
    "empty_name": ("名称", "a name"),
    "bad_weight": ("大于 0、不超过 100、最多两位小数的权重", "a weight above 0, up to 100, two decimals"),
    "weight_of_point": ("鉴定点不填权重", "no weight for an assessment point"),
    "importance_of_range": ("鉴定范围不填重要程度", "no importance for a range"),
    "unknown_importance": ("X、Y 或 Z", "X, Y or Z"),
    "weights_differ": ("下级权重之和 {expected}", "children weighing {expected} together"),
    "empty_range": ("至少一个下级", "at least one child"),
    "too_many_points": ("最多 {limit} 个", "at most {limit}"),
}
