"""Banks as people write them: numbered questions, lettered options, 答案： and 解析：, in a text or a document."""

from question_bank.importing.written.lines import WrittenLine
from question_bank.importing.written.reading import read_written
from question_bank.importing.written.recognition import looks_written

__all__ = ["WrittenLine", "looks_written", "read_written"]
