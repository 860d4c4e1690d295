"""``python -m kaochang``: the command line without its script."""

from kaochang.cli import main

main()
