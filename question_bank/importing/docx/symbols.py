"""Characters of symbol fonts: what Word shows for them, in Unicode."""

# Symbol, by its code without the F000 that Word adds (Unicode Consortium, mapping of Adobe Symbol).
_SYMBOL = dict(
    zip(
        (*range(0x41, 0x5B), *range(0x61, 0x7B)),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
) | {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2B: "+", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0xA3: "≤",
    0xA5: "∞", 0xA2: "′", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″",
    0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…",
    0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCA: "⊇", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈",
    0xCF: "∉", 0xD0: "∠", 0xD1: "∇", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDB: "⇔",
    0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_WINGDINGS = {
    0xFC: "√", 0xFB: "×", 0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0x71: "□", 0x6C: "●", 0xA1: "○", 0x6E: "■",
    0x75: "◆", 0xD8: "➢", 0xE0: "→", 0xDF: "←", 0xE1: "↑", 0xE2: "↓", 0xF0: "→", 0xA7: "▪", 0xAB: "★", 0x4A: "☺",
    0x77: "◆", 0x9F: "•", 0xB6: "☆",
} | {0x81 + place: character for place, character in enumerate("①②③④⑤⑥⑦⑧⑨⑩")}  # fmt: skip
_WINGDINGS_2 = {0x50: "√", 0x4F: "×", 0x52: "☑", 0x51: "☒", 0x2A: "□", 0xA3: "□", 0x98: "●"} | {
    0x6A + place: character for place, character in enumerate("①②③④⑤⑥⑦⑧⑨⑩")
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def symbol(font: str, code: int) -> str | None:
    """The character of a symbol font, None where nobody here knows it."""
    return _FONTS.get(font.strip().lower(), {}).get(code & 0xFF if code >= 0xF000 else code)


def private_character(text: str) -> str | None:
    """The first character that only some font on some machine shows."""
    return next((character for character in text if "\ue000" <= character <= "\uf8ff"), None)
