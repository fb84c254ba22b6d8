"""What PostgreSQL's errors mean to an administrator.

Only the code of an error is shown: its text may quote values, users, or parts of the address.
"""

from typing import Final

BUSY: Final = "数据库正忙，请稍后再试。"
_ABSENT: Final = "无法连接{place}，请确认数据库正在运行、HONGNIANG_DATABASE_URL 正确，然后再试。"
_DENIED: Final = "{place}拒绝了登录，请检查 HONGNIANG_DATABASE_URL 中的用户名和密码。"
_UNKNOWN: Final = "没有找到{place}，请先建立它，或检查 HONGNIANG_DATABASE_URL。"
_CROWDED: Final = "{place}的连接已用完，请稍后再试，或提高它的 max_connections。"
_SENTENCES: Final = {
    "08": _ABSENT,
    "22": "内容超出{place}能保存的范围，没有保存，请检查过长的文字和过大的数。",
    "23": "内容与已有数据冲突，没有保存，请刷新后再试。",
    "25006": "{place}处于只读状态，请连接到主库后再试。",
    "28": _DENIED,
    "3D000": _UNKNOWN,
    "40": BUSY,
    "42501": "{place}的用户权限不足，请授予建表和读写的权限。",
    "53100": "{place}所在的磁盘已满，请腾出空间后再试。",
    "53": _CROWDED,
    "55P03": BUSY,
    "57014": BUSY,
    "57": _ABSENT,
}
"""By SQLSTATE or its class, the longer first."""
_AT_THE_DOOR: Final = (
    ("authentication failed", _DENIED),
    ("no password supplied", _DENIED),
    ("no pg_hba.conf entry", _DENIED),
    ('FATAL:  role "', _DENIED),
    ('FATAL:  database "', _UNKNOWN),
    ("too many", _CROWDED),
    ("connection slots", _CROWDED),
    ("invalid connection option", "HONGNIANG_DATABASE_URL 中有数据库不认识的参数，请删去。"),
)
"""While connecting there are no codes, only texts, and these in English, as a rule."""


def explained(error: object, place: str) -> str:
    """One sentence for an error of psycopg's."""
    code = getattr(error, "sqlstate", None)
    if code is None:
        shown = str(error)
        signs = (sentence for sign, sentence in _AT_THE_DOOR if sign in shown)
        return next(signs, _ABSENT).format(place=place)
    sentence = _SENTENCES.get(code) or _SENTENCES.get(code[:2])
    return (sentence or f"{{place}}无法使用（错误码 {code}），请检查后再试。").format(place=place)
