"""A lean HTTP/1.1 client on one kept connection: it shares the cores with what it measures."""

import asyncio
import json
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    body: bytes


class Client:
    """One broker's connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str
    ) -> None:
        self._reader, self._writer = reader, writer
        self._fixed = f"Host: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"

    @classmethod
    async def connect(cls, port: int, key: str) -> Self:
        """Open the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        return cls(reader, writer, key)

    async def send(self, method: str, path: str, body: object = None) -> Answer:
        """One request and its whole answer."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._fixed}Content-Length: {len(content)}\r\n"
        kind = "Content-Type: application/json\r\n" if content else ""
        self._writer.write(f"{head}{kind}\r\n".encode() + content)
        await self._writer.drain()
        return await self._answer()

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        await self._writer.wait_closed()

    async def _answer(self) -> Answer:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        if headers.get("transfer-encoding") == "chunked":
            return Answer(int(head[0][9:12]), await self._chunks())
        length = int(headers.get("content-length", 0))
        return Answer(int(head[0][9:12]), await self._reader.readexactly(length))

    async def _chunks(self) -> bytes:
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)
        return b"".join(parts)
