"""What can be asked, which paper each candidate gets, and what an answer is worth."""
