"""Traditional to simplified characters. The only import of OpenCC."""

from functools import cache

from opencc import OpenCC


def simplify(text: str) -> str:
    """Simplify text that is normalised otherwise; its length is kept so that offsets stay true."""
    if traditional().isdisjoint(text):
        return text
    converter = _converter()
    converted: str = converter.convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(c if len(c := converter.convert(char)) == 1 else char for char in text)


@cache
def traditional() -> frozenset[str]:
    """Every character that OpenCC would change on its own; a text without any stays as it is."""
    unified = [chr(code) for code in (*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0))]
    simplified = _converter().convert("\n".join(unified)).split("\n")
    changed = (old for old, new in zip(unified, simplified, strict=True) if old != new)
    return frozenset(changed)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
