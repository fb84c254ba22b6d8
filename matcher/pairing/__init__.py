"""Puts a demand and an achievement beside each other: what agrees, what does not, and why."""

from matcher.pairing.assembly import Shown, chosen_pairings, pairings
from matcher.pairing.candidates import Request

__all__ = ["Request", "Shown", "chosen_pairings", "pairings"]
