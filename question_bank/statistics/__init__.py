"""After the exam: how items and papers did, by published definitions, from scores alone."""
