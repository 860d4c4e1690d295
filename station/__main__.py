"""``python -m station``: the same as ``kaochang-station``."""

from station.cli import main

main()
