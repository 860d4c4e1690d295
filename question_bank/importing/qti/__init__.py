"""QTI 2.1, 2.2 and 3.0: items alone, files of several, and content packages."""

from question_bank.importing.qti.reading import is_qti, read_qti

__all__ = ["is_qti", "read_qti"]
