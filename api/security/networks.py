"""What of a network address one caller has all of: guesses and requests are counted by that."""

from ipaddress import IPv6Address, ip_address
from typing import Final

_NETWORK: Final = 64
"""Bits of an IPv6 address that belong to one household or firm."""


def network(address: str) -> str:
    """An address as it is, but of an IPv6 address the network; other names stay as they are."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    inner = found.ipv4_mapped
    return str(inner) if inner else f"{IPv6Address(int(found) >> _NETWORK << _NETWORK)}/{_NETWORK}"
