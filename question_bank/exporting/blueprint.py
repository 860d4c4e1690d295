"""A blueprint as a TOML file: what read_blueprint reads of it is the same blueprint."""

import json

from question_bank.blueprint import Blueprint, ScoringRule, Section


def blueprint_toml(blueprint: Blueprint) -> str:
    """The file's text, with the units of its numbers said on top."""
    lines = [
        "# 分值以百分之一分计：100 为 1 分。Scores are hundredths: 100 is one.",
        f"code = {_text(blueprint.code)}",
        f"title = {_text(blueprint.title)}",
        f"outline = {_text(blueprint.outline)}",
        f"full_score = {blueprint.full_score}",
    ]
    if blueprint.exposure_max is not None:
        lines.append(f"exposure_max = {blueprint.exposure_max}")
    for section in blueprint.sections:
        lines += ["", "[[sections]]", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    lines = [
        f"title = {_text(section.title)}",
        f"kind = {_text(section.kind.value)}",
        f"count = {section.count}",
        f"score_each = {section.score_each}",
    ]
    if section.rule is not ScoringRule.ALL_OR_NOTHING:
        lines.append(f"rule = {_text(section.rule.value)}")
    if section.fixed_score is not None:
        lines.append(f"fixed_score = {section.fixed_score}")
    if section.part_scores:
        lines.append(f"part_scores = {list(section.part_scores)}")
    if (shares := section.difficulty) is not None:
        lines.append(
            f"difficulty = {{ easy = {shares.easy}, medium = {shares.medium}, hard = {shares.hard} }}"
        )
    return lines


def _text(value: str) -> str:
    """A basic string: TOML escapes as JSON does, and DEL besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
