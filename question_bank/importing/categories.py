"""Moodle's categories: where a question lies in a course, as a tag."""

import re

# Where in Moodle a category hangs, which means nothing outside of it.
_ROOTS = re.compile(r"^(\$[^$/]*\$/*)+(top(/+|$))?|^top/+", re.IGNORECASE)


def category_tag(path: str) -> str:
    """The path of a category without Moodle's own roots: $course$/top/Steel/Bolts is Steel/Bolts."""
    inner = _ROOTS.sub("", path.strip()).strip("/ ")
    # A slash inside a name is written twice.
    return re.sub(r"\s*(?<!/)/(?!/)\s*", "/", inner).replace("//", "/")
