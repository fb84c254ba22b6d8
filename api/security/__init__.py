"""Roles, passwords, tokens, and what may be shown to whom. No web and no database in here."""
