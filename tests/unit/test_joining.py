"""Pieces that are written at once leave together, in their order, and none is lost."""

import asyncio
from collections.abc import Callable, Iterable

import pytest

from api.cli.joining import Joined


class Transport(asyncio.Transport):
    """Notes what it is given to send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def write(self, data: bytes) -> None:  # type: ignore[override]
        self.sent.append(data)

    def writelines(self, list_of_data: Iterable[bytes]) -> None:  # type: ignore[override]
        self.sent.append(b"+".join(list_of_data))

    def close(self) -> None:
        self.sent.append(b"closed")

    def is_closing(self) -> bool:
        return self.sent[-1:] == [b"closed"]


def sent(*pieces: bytes, then: Callable[[Joined], None] = lambda _: None) -> list[bytes]:
    async def all_() -> list[bytes]:
        transport = Transport()
        joined = Joined(transport, asyncio.get_running_loop())
        for piece in pieces:
            joined.write(piece)
        then(joined)
        assert joined.is_closing() == transport.is_closing()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return transport.sent

    return asyncio.run(all_())


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        ((), []),
        ((b"a",), [b"a"]),
        ((b"a", b"b"), [b"a+b"]),
        ((b"a", b""), [b"a+"]),
        ((b"a", b"b", b"c"), [b"a+b", b"c"]),
        ((b"a", b"b", b"c", b"d"), [b"a+b", b"c+d"]),
    ],
)
def test_two_at_a_time(pieces: tuple[bytes, ...], found: list[bytes]) -> None:
    assert sent(*pieces) == found


@pytest.mark.parametrize("pieces", [(), (b"a",), (b"a", b"b")])
def test_nothing_is_left_behind_when_it_is_closed(pieces: tuple[bytes, ...]) -> None:
    assert sent(*pieces, then=Joined.close) == [*([b"+".join(pieces)] if pieces else []), b"closed"]
