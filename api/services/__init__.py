"""Use cases, one function each, shared by the three doors: JSON, pages, command line."""
