"""How much and how often callers may ask, and what happens when too many do."""
