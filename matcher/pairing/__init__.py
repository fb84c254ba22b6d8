"""Puts a demand and an achievement beside each other: what agrees, what does not, and why."""

from matcher.pairing.assembly import Request, Shown, pairings

__all__ = ["Request", "Shown", "pairings"]
