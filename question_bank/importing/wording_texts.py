"""What was expected instead, for every code of a problem inside a text: markup, formulas, pictures."""

IN_TEXTS: dict[str, tuple[str, str]] = {
    "markup_too_large": ("不超过 {limit} 个字符的 HTML", "HTML of at most {limit} characters"),
    "markup_too_deep": (
        "嵌套不超过 {depth} 层、不超过 {limit} 个元素的 HTML",
        "HTML of at most {depth} levels and {limit} elements",
    ),
    "unclosed_tag": ("每个标签都以 > 结束", "every tag closed by >"),
    "text_too_long": ("不超过 {limit} 个字符", "at most {limit} characters"),
    "unsupported_content": (
        "文字、图片、表格和公式（不支持 {name}）",
        "text, pictures, tables and formulas ({name} is not supported)",
    ),
    "unknown_element": (
        "HTML 元素；已只保留 {name} 中的文字",
        "an HTML element; of {name} only the text was kept",
    ),
    "script_dropped": ("不含脚本的内容；脚本已去除", "content without scripts; the script was dropped"),
    "hidden_dropped": ("可见的内容；隐藏的内容未导入", "what can be seen; hidden content was left out"),
    "link_dropped": ("不含链接的文字；已只保留文字", "text without links; only the text was kept"),
    "bad_formula": (
        "可转换为 MathML 的公式（无法转换：{reason}）",
        "a formula that can become MathML ({reason} cannot)",
    ),
    "missing_picture": ("文件中包含的图片", "a picture that is in the file"),
    "remote_picture": (
        "文件中包含的图片，而非网络地址",
        "a picture in the file, not an address on the network",
    ),
    "picture_too_large": ("不超过 {limit} 字节的图片", "a picture of at most {limit} bytes"),
    "picture_too_wide": ("每边不超过 {limit} 像素的图片", "a picture of at most {limit} pixels a side"),
    "not_a_picture": (
        "完好的 PNG、JPEG、GIF、WebP、BMP、TIFF 或 SVG 图片",
        "an undamaged PNG, JPEG, GIF, WebP, BMP, TIFF or SVG picture",
    ),
    "unsafe_picture": (
        "不含脚本、实体、外部地址和嵌入网页的 SVG 图片",
        "an SVG picture without scripts, entities, outside addresses or embedded pages",
    ),
}
