"""The files of deploy/ and the document about them, as far as they can be checked here."""

import re
import shlex
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.security.roles import SCOPE_NAMES, Scope
from api.settings import Settings
from tests.architecture.commands import ROOT, typed_lines, wrong_with

DEPLOY = ROOT / "deploy"
DOCUMENT = (ROOT / "docs" / "deploy.md").read_text("utf-8")
CADDYFILE = (DEPLOY / "Caddyfile").read_text("utf-8")
UNITS = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
NOT_SETTINGS = {"HONGNIANG_NEW_PASSWORD"}
"""Of one command, and never kept."""


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"HONGNIANG_[A-Z_]+", text)) - NOT_SETTINGS


def known() -> set[str]:
    return {f"HONGNIANG_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return document


@pytest.mark.parametrize("path", [p for p in DEPLOY.iterdir() if p.is_file()], ids=lambda p: p.name)
def test_every_variable_of_a_file_is_a_setting(path: Path) -> None:
    assert settings_in(path.read_text("utf-8")) <= known()


def test_every_variable_of_the_document_is_a_setting() -> None:
    assert settings_in(DOCUMENT) == known()


def test_secrets_of_containers_are_settings_or_those_of_the_database(
    compose: dict[str, Any],
) -> None:
    names = {name.upper() for name in compose["secrets"] if name.startswith("hongniang_")}
    assert names
    assert names <= known()
    for service in compose["services"].values():
        assert set(service.get("secrets", ())) <= compose["secrets"].keys()
    for secret in compose["secrets"].values():
        assert secret["file"].removeprefix("./") in DOCUMENT


def test_the_servers_accept_the_names_by_which_they_are_addressed(compose: dict[str, Any]) -> None:
    services = compose["services"]
    upstreams = services["proxy"]["environment"]["UPSTREAMS"].split()
    servers = [name for name in services if name.startswith("api-")]
    assert upstreams == [f"{name}:8000" for name in servers]
    for name in servers:
        environment = services[name]["environment"]
        assert {*servers} <= {*environment["HONGNIANG_HOSTS"].split(",")}
        assert f'"{name}:8000"' in DOCUMENT  # what Prometheus asks


def test_the_only_addresses_believed_are_those_of_the_proxy(compose: dict[str, Any]) -> None:
    [addresses] = {
        service["environment"]["HONGNIANG_TRUSTED_PROXIES"]
        for name, service in compose["services"].items()
        if name.startswith("api-")
    }
    assert addresses.split(",") == [*compose["services"]["proxy"]["networks"]["front"].values()]


def test_no_other_container_is_given_an_address_of_the_proxy(compose: dict[str, Any]) -> None:
    front = compose["networks"]["front"]
    assert front["enable_ipv6"]
    for given in map(ip_address, compose["services"]["proxy"]["networks"]["front"].values()):
        [pool] = [p for p in front["ipam"]["config"] if given in ip_network(p["subnet"])]
        assert ip_network(pool["ip_range"]).subnet_of(ip_network(pool["subnet"]))  # type: ignore[arg-type]
        assert given not in ip_network(pool["ip_range"])


def test_the_proxy_lets_through_what_the_service_takes_and_no_more_than_it_can_refuse() -> None:
    [largest] = map(int, re.findall(r"max_size (\d+)MB", CADDYFILE))
    assert 0 < largest - Settings.model_fields["max_upload"].default <= 10


def test_what_the_proxy_logs_holds_no_addresses_of_pages() -> None:
    logs = re.findall(r"^\tlog \{\n(.*?)^\t\}", CADDYFILE, re.MULTILINE | re.DOTALL)
    assert [" ".join(log.split()) for log in logs] == [
        "format filter { wrap json fields { request delete } }"
    ]
    assert CADDYFILE.count("log {") == 1  # none of the site's


def test_an_answer_may_be_written_after_the_longest_body() -> None:
    """The proxy counts the time to write from the end of the head, before the body comes."""
    minutes = dict(re.findall(r"\b(read_body|write) (\d+)m\n", CADDYFILE))
    assert int(minutes["read_body"]) < int(minutes["write"])


def test_volumes_networks_and_dependencies_are_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("networks", ())) <= compose["networks"].keys()
        assert set(service.get("depends_on", ())) <= compose["services"].keys()
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert {name for name in named if name.isalpha()} <= compose["volumes"].keys()


def test_what_the_image_is_made_of_is_there_and_passes_the_list_of_files() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = [
        source
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert {"requirements.lock", "api", "matcher", "models", "demo"} <= set(copied)
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {f"!{source}" for source in copied} <= set(let_in)


def test_the_data_folder_of_the_image_is_empty_so_that_a_backup_can_be_restored_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^RUN useradd .*--no-create-home", text, re.MULTILINE)


def test_every_command_of_the_document_and_the_files_exists_with_its_options() -> None:
    lines = [[word for word in words if "=" not in word] for words in typed_lines(DOCUMENT)]
    commands = [words[1:] for words in lines if words and words[0] == "hongniang"]
    inline = [shlex.split(found) for found in re.findall(r"`hongniang ([^`]+)`", DOCUMENT)]
    files = "".join(path.read_text("utf-8") for path in UNITS)
    files += (DEPLOY / "compose.yaml").read_text("utf-8")
    run = re.findall(r"hongniang (backup|serve)\b", files)
    assert {words[0] for words in commands} >= {"users", "doctor", "restore"}
    assert set(run) == {"backup", "serve"}
    all_ = [*commands, *inline, *([word] for word in run)]
    assert {" ".join(words): wrong_with(words) for words in all_ if wrong_with(words)} == {}


def test_links_and_files_of_the_document_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", DOCUMENT) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    copied = re.findall(r"\bhongniang[\w-]*\.(?:service|timer)", DOCUMENT)
    assert {path.name for path in UNITS} == set(copied)


def test_the_document_names_the_use_of_a_key_as_the_page_does() -> None:
    assert SCOPE_NAMES[Scope.operate] in DOCUMENT


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_understood_by_systemd(unit: Path) -> None:
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    told = [line for line in ended.stderr.splitlines() if unit.name in line]
    # The program need not be installed here.
    assert [line for line in told if "/opt/hongniang/bin/hongniang is not exec" not in line] == []


@pytest.mark.skipif(not shutil.which("caddy"), reason="no Caddy")
def test_the_proxy_is_understood_by_caddy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOMAIN", "kjj.example")
    file = DEPLOY / "Caddyfile"
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
