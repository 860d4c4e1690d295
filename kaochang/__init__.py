"""The command line, the demo and the benchmarks of the exam room."""
