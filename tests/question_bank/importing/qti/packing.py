"""QTI files and packages made to measure for tests, in the spelling of 2.x and of 3.0."""

import io
import re
import zipfile
from collections.abc import Mapping

V2P2 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
V3P0 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def item_xml(
    declarations: str = "",
    body: str = "",
    after: str = "",
    identifier: str = "q1",
    attributes: str = 'title="题" adaptive="false" timeDependent="false"',
    namespace: str = V2P2,
) -> bytes:
    """An assessmentItem of QTI 2.x."""
    xmlns = f'xmlns="{namespace}"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem {xmlns} identifier="{identifier}" {attributes}>\n'
        f"{declarations}\n<itemBody>{body}</itemBody>\n{after}</assessmentItem>"
    ).encode()


def response(
    *correct: str,
    identifier: str = "R",
    cardinality: str = "single",
    base: str = "identifier",
    mapping: str = "",
) -> str:
    """A responseDeclaration; mapping as the inside of one."""
    values = "".join(f"<value>{value}</value>" for value in correct)
    key = f"<correctResponse>{values}</correctResponse>" if correct else ""
    mapped = f'<mapping defaultValue="0">{mapping}</mapping>' if mapping else ""
    return (
        f'<responseDeclaration identifier="{identifier}" cardinality="{cardinality}" baseType="{base}">'
        f"{key}{mapped}</responseDeclaration>"
    )


def choice(*texts: str, prompt: str = "选哪个？", response: str = "R", most: int = 1, more: str = "") -> str:
    """A choiceInteraction with the choices A, B, C …"""
    options = "".join(
        f'<simpleChoice identifier="{letter}">{text}</simpleChoice>'
        for letter, text in zip("ABCDEFGHIJ", texts, strict=False)
    )
    asked = f"<prompt>{prompt}</prompt>" if prompt else ""
    opened = f'<choiceInteraction responseIdentifier="{response}" maxChoices="{most}" {more}>'
    return f"{opened}{asked}{options}</choiceInteraction>"


def in_v3(xml: bytes) -> bytes:
    """The same item in the spelling of 3.0."""
    text = xml.decode()
    text = text.replace(V2P2, V3P0)

    def renamed(tag: re.Match[str]) -> str:
        name, rest = tag[2], tag[3]
        if name not in _QTI and not re.search("[A-Z]", name):
            return tag[0]
        rest = re.sub(r"(?<=\s)([a-z]+[A-Z]\w*)=", lambda found: f"{_kebab(found[1])}=", rest)
        return f"<{tag[1]}qti-{_kebab(name)}{rest}"

    return re.sub(r"<(/?)([A-Za-z]\w*)((?:\s[^<>]*?)?/?>)", renamed, text).encode()


_QTI = {"value", "prompt", "gap", "hottext", "mapping", "match", "variable", "correct", "equal", "substring"}


def _kebab(name: str) -> str:
    return re.sub("([A-Z])", lambda found: "-" + found[1].lower(), name)


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def manifest(*resources: str) -> bytes:
    """An imsmanifest.xml listing resources."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">'
        f"<metadata/><organizations/><resources>{''.join(resources)}</resources></manifest>"
    ).encode()


def resource(href: str, kind: str = "imsqti_item_xmlv2p2", metadata: str = "") -> str:
    """One resource of a manifest."""
    return f'<resource identifier="r" type="{kind}" href="{href}">{metadata}<file href="{href}"/></resource>'
