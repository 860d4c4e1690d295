"""Statistics after the exam: computed from sealed papers and scores, kept sealed, shown without a name."""
