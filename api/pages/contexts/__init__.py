"""What each page shows: plain data, ready to be laid out, testable without a browser."""
