"""Accounts and keys as administrators manage them, and the log that tells of it."""

import re
from datetime import UTC, datetime

import pytest

from api.pages import users
from api.security.roles import SYSTEM, Role
from api.services.accounts import add_account, set_enabled
from api.services.auditing import Action, note
from api.services.workspace import Workspace
from api.store.accounts import Account
from tests.web.people import (
    ADMINISTRATOR,
    BROKER,
    ENTERPRISE,
    PASSWORD,
    Browser,
    People,
    is_in,
    key_of,
    program,
)

SCRIPT = "<script>alert(1)</script>"
_SUGGESTION = re.compile(r'name="suggestion" value="([^"]+)"')
_SECRET = re.compile(r'<p class="code"><code>([^<]+)</code>')


@pytest.fixture
def admin(empty_people: People) -> Browser:
    return empty_people[ADMINISTRATOR]


@pytest.fixture
def space(empty_people: People) -> Workspace:
    return empty_people.workspace


def suggestion(browser: Browser, page: str = "/admin/users") -> str:
    return _SUGGESTION.findall(browser.get(page).text)[0]


def own(space: Workspace, name: str) -> Account:
    account = space.store.accounts.named(name)
    assert account is not None
    return account


def actions(space: Workspace, subject: str) -> list[str]:
    return [line.action for line in space.store.audit.page(99, subject=subject)]


# New accounts


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(
    empty_people: People, admin: Browser
) -> None:
    form = {"name": "Xin.Ren", "role": "broker", "suggestion": suggestion(admin)}
    page = admin.submit("/admin/users", form | {"organisation": SCRIPT})
    assert page.status_code == 200
    [secret] = _SECRET.findall(page.text)
    assert secret == form["suggestion"]
    assert SCRIPT not in page.text
    assert "&lt;script&gt;" in page.text
    assert empty_people.visitor().sign_in("xin.ren", secret).status_code == 303
    account = own(empty_people.workspace, "xin.ren")
    assert secret not in admin.get(f"/admin/users/{account.id}").text
    assert secret not in repr(list(empty_people.workspace.store.audit.all()))


def test_a_form_that_is_sent_twice_makes_one_account_and_shows_the_same_password(
    space: Workspace, admin: Browser
) -> None:
    form = {"name": "liang.ci", "role": "enterprise", "suggestion": suggestion(admin)}
    first, second = (admin.submit("/admin/users", form) for _ in range(2))
    assert _SECRET.findall(first.text) == _SECRET.findall(second.text) == [form["suggestion"]]
    assert actions(space, own(space, "liang.ci").id) == ["account-add"]
    other = admin.submit("/admin/users", form | {"suggestion": suggestion(admin)})
    assert (other.status_code, "已存在" in other.text) == (422, True)


def test_a_chosen_password_is_not_shown_again(empty_people: People, admin: Browser) -> None:
    form = {"name": "zi.xuan", "role": "broker", "password": PASSWORD, "suggestion": "unused"}
    answer = admin.submit("/admin/users", form)
    assert answer.status_code == 303
    assert PASSWORD not in admin.get(answer.headers["location"]).text
    assert empty_people.visitor().sign_in("zi.xuan").status_code == 303


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "!"}, "账号名应为"),
        ({"name": SCRIPT}, "账号名应为"),
        ({"role": "visitor"}, "没有这个角色"),
        ({"role": SCRIPT}, "没有这个角色"),
        ({"password": "短"}, "密码应为"),
        ({"name": BROKER}, "已存在"),
        ({"suggestion": ""}, "密码应为"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    admin: Browser, wrong: dict[str, str], sentence: str
) -> None:
    form = {"name": "mou.ren", "role": "broker", "organisation": "虚构中心", "suggestion": "k2-p4"}
    page = admin.submit("/admin/users", form | {"suggestion": suggestion(admin)} | wrong)
    assert page.status_code == 422
    assert sentence in page.text
    assert 'aria-invalid="true"' in page.text
    assert 'value="虚构中心"' in page.text
    assert SCRIPT not in page.text


# The list


def test_accounts_are_found_by_name_organisation_role_and_state(
    space: Workspace, admin: Browser
) -> None:
    add_account(space, SYSTEM, "gong.bu", Role.enterprise, PASSWORD, "河湾_虚构厂")
    off = add_account(space, SYSTEM, "ting.yong", Role.enterprise, PASSWORD, "别处")
    set_enabled(space, SYSTEM, off, False)
    for query, there in (
        ("q=ong.b", "gong.bu"),
        ("q=河湾_", "gong.bu"),
        ("role=enterprise&state=enabled", "gong.bu"),
        ("state=disabled", "ting.yong"),
    ):
        found = admin.get(f"/admin/users?{query}").text
        assert f">{there}</a>" in found
        assert f">{BROKER}</a>" not in found
    assert "没有符合条件" in admin.get("/admin/users?q=%25").text
    assert "没有符合条件" in admin.get("/admin/users?q=%00&role=x%00").text


def test_a_long_list_comes_in_pages(
    space: Workspace, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "_PER_PAGE", 3)
    for number in range(5):
        add_account(space, SYSTEM, f"ye.{number:02}", Role.enterprise, PASSWORD)
    first = admin.get("/admin/users?q=ye.")
    assert "5 个" in first.text
    [more] = re.findall(r'href="(/admin/users\?[^"]*after=[^"]*)"', first.text)
    second = admin.get(more.replace("&amp;", "&")).text
    assert ">ye.02</a>" in first.text
    assert ">ye.03</a>" not in first.text
    assert ">ye.03</a>" in second
    assert "下一页" not in second


def test_when_somebody_was_seen_last_is_known_after_they_left(
    empty_people: People, admin: Browser, space: Workspace
) -> None:
    account = add_account(space, SYSTEM, "lai.guo", Role.broker, PASSWORD)
    assert "最近使用 从未" in admin.get(f"/admin/users/{account.id}").text
    browser = empty_people.visitor()
    browser.sign_in("lai.guo")
    browser.submit("/logout")
    seen = space.store.directory.seen(account.id)
    assert seen is not None
    assert abs((datetime.now(UTC) - seen).total_seconds()) < 60
    assert "最近使用 从未" not in admin.get(f"/admin/users/{account.id}").text


# One account


def test_a_disabled_account_is_out_at_once_and_can_come_back(
    empty_people: People, admin: Browser, space: Workspace
) -> None:
    account = add_account(space, SYSTEM, "chu.jin", Role.broker, PASSWORD)
    browser = empty_people.visitor()
    browser.sign_in("chu.jin")
    place = f"/admin/users/{account.id}"
    for _ in range(2):
        assert admin.submit(f"{place}/disable").headers["location"] == place
    assert not is_in(browser)
    assert "重新启用" in admin.get(place).text
    admin.submit(f"{place}/enable")
    assert browser.sign_in("chu.jin").status_code == 303
    noted = [name for name in actions(space, account.id) if name.startswith("account")]
    assert noted == ["account-enable", "account-disable", "account-add"]


def test_a_reset_password_signs_the_account_out(
    empty_people: People, admin: Browser, space: Workspace
) -> None:
    account = add_account(space, SYSTEM, "wang.ji", Role.broker, PASSWORD)
    browser = empty_people.visitor()
    browser.sign_in("wang.ji")
    place = f"/admin/users/{account.id}"
    new = suggestion(admin, place)
    page = admin.submit(f"{place}/password", {"suggestion": new})
    assert _SECRET.findall(page.text) == [new]
    assert not is_in(browser)
    assert empty_people.visitor().sign_in("wang.ji").status_code == 401
    assert empty_people.visitor().sign_in("wang.ji", new).status_code == 303
    weak = admin.submit(f"{place}/password", {"password": "wang.ji"})
    assert (weak.status_code, "密码应为" in weak.text) == (422, True)


def test_nobody_locks_themselves_out(admin: Browser, space: Workspace) -> None:
    place = f"/admin/users/{own(space, ADMINISTRATOR).id}"
    assert "/disable" not in admin.get(place).text
    for act in ("disable", "password"):
        answer = admin.submit(f"{place}/{act}", {"password": "山重水复疑无路呀呀"})
        assert answer.status_code == 422
        assert "自己的" in answer.text
    assert is_in(admin)


def test_an_account_that_is_not_there_is_a_calm_404(admin: Browser) -> None:
    for address in ("/admin/users/nobody", "/admin/users/%00", "/admin/users/沈"):
        assert admin.get(address).status_code == 404
    assert admin.submit("/admin/users/nobody/disable").status_code == 404


# Keys


def test_everybodys_keys_are_listed_and_any_can_be_revoked(
    empty_people: People, admin: Browser, space: Workspace
) -> None:
    secret = key_of(space, ENTERPRISE)
    assert program(empty_people.app, secret).get("/api/v1/demands").status_code == 200
    page = admin.get("/admin/keys").text
    assert f">{ENTERPRISE}</a>" in page
    assert secret not in page
    [key] = space.store.accounts.keys(own(space, ENTERPRISE).id)
    for _ in range(2):
        answer = admin.submit(f"/admin/keys/{key.id}/revoke")
        assert answer.headers["location"] == "/admin/keys"
    assert program(empty_people.app, secret).get("/api/v1/demands").status_code == 401
    assert f">{ENTERPRISE}</a>" not in admin.get("/admin/keys").text
    assert "已撤销" in admin.get("/admin/keys?all=true").text
    assert actions(space, key.id) == ["key-revoke", "key-add"]
    back = admin.submit(f"/admin/keys/{key.id}/revoke", {"user": "yes"})
    assert back.headers["location"] == f"/admin/users/{key.account_id}"
    assert admin.submit("/admin/keys/nobody/revoke").status_code == 404


def test_forms_from_elsewhere_change_nothing(admin: Browser, space: Workspace) -> None:
    account = own(space, BROKER)
    for address in ("", f"/{account.id}/disable", f"/{account.id}/password"):
        data = {"name": "forged", "role": "administrator", "password": PASSWORD}
        assert admin.post(f"/admin/users{address}", data=data).status_code == 403
    assert own(space, BROKER) == account
    assert space.store.accounts.named("forged") is None


# The audit log


def test_the_log_is_narrowed_by_who_what_role_and_period(admin: Browser, space: Workspace) -> None:
    account = add_account(space, SYSTEM, "shen.ji", Role.broker, PASSWORD)
    found = admin.get(f"/audit?action=account-add&subject={account.id}").text
    assert "账号 shen.ji" in found
    assert f'href="/admin/users/{account.id}"' in found
    assert "角色 技术经理人" in found
    for nothing in ("role=broker&action=account-add", "who=nobody", "until=2001-01-01"):
        assert "没有符合条件的记录" in admin.get(f"/audit?{nothing}").text
    today = admin.get("/audit?since=2001-01-01&until=9999-12-31&role=administrator").text
    assert ">登录</td>" in today
    wrong = admin.get(f"/audit?since=gestern&who={SCRIPT}")
    assert (wrong.status_code, "日期应写成" in wrong.text) == (422, True)
    assert 'value="gestern"' in wrong.text
    assert SCRIPT not in wrong.text


def test_older_lines_and_the_export_keep_the_filter(admin: Browser, space: Workspace) -> None:
    for _ in range(60):
        with space.store.writing() as unit:
            note(space.store, unit, SYSTEM, Action.backup, rows=7)
    first = admin.get("/audit?action=backup&who=命令行").text
    [older] = re.findall(r'href="(/audit\?[^"]*before=\d+)"', first)
    assert first.count(">备份</td>") == 50
    assert admin.get(older.replace("&amp;", "&")).text.count(">备份</td>") == 10
    [address] = re.findall(r'href="(/api/v1/exports/audit\.csv[^"]*)"', first)
    table = admin.get(address.replace("&amp;", "&"))
    assert table.text.count("\n") == 61
    assert admin.get("/api/v1/exports/audit.csv?action=sign-in&since=2001-01-01").text.count("登录")
    assert admin.get("/api/v1/exports/audit.csv?since=gestern").status_code == 422
    lines = admin.get("/api/v1/audit?action=backup&limit=3&until=0001-01-01").json()
    assert lines == []
    assert len(admin.get("/api/v1/audit?action=backup&limit=3&until=9999-12-31").json()) == 3


@pytest.mark.parametrize(
    ("address", "known"), [("/audit", 200), ("/api/v1/audit", 200), ("/cases/c1", 404)]
)
def test_a_number_that_no_database_has_is_refused(admin: Browser, address: str, known: int) -> None:
    for number, status in ((2**63 - 1, known), (2**63, 422), (10**30, 422)):
        assert admin.get(f"{address}?before={number}").status_code == status
