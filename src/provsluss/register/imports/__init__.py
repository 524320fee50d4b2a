"""One reading from upload to stored: preview, questions, staleness, progress."""
