"""The command line: each command parses, makes one service call, and prints."""
