"""Puts a demand and an achievement beside each other: what agrees, what does not, and why."""

from matcher.pairing.assembly import Request, Shown, chosen_pairings, pairings

__all__ = ["Request", "Shown", "chosen_pairings", "pairings"]
