"""A bank typed into a text file: 1、题干（ ） A. B. C. D. 答案：B 解析：…"""

from question_bank.importing.bank_file import BankReading
from question_bank.importing.collecting import Collected
from question_bank.importing.markup import TextReader
from question_bank.importing.problems import Findings
from question_bank.importing.text_file import read_lines
from question_bank.importing.wordings import WORDINGS
from question_bank.importing.written import WrittenLine, read_written
from question_bank.importing.written.lines import evened
from question_bank.importing.written.objects import Objects


def read_plain_text(raw: bytes) -> BankReading:
    """The items of a written bank in a text file; never raises, whatever the bytes are."""
    findings = Findings(WORDINGS)
    collected = Collected("text", findings)
    texts = TextReader(findings)
    lines = [WrittenLine(evened(line.text), line.place) for line in read_lines(raw, findings)]
    return read_written(lines, Objects(texts), texts, collected, findings)
