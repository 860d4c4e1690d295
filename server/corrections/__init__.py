"""Corrections of answer keys after the exam 答案更正: proposed by one, ruled on by two, old scores kept."""
