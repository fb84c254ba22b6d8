"""The outside: JSON and pages over HTTP, the command line, the store, settings."""
