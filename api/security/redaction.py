"""The public view of a demand."""

from dataclasses import replace

from matcher.records import Demand


def public_demand(demand: Demand) -> Demand:
    """Without who is behind it."""
    return replace(demand, organisation=None, contact=None, phone=None)
