"""What the documents and the messages tell people to type does exist."""

import json
import re
from urllib.parse import urlsplit

import pytest

from api.cli import main
from api.settings import Settings
from tests.architecture.commands import ROOT, typed_lines, wrong_with
from tools import settings_table as settings_document

README = (ROOT / "README.md").read_text("utf-8")
DEPLOYMENT = (ROOT / "docs" / "deploy.md").read_text("utf-8")


LINES = list(typed_lines(README))


def lines_of(program: str, lines: list[list[str]] = LINES) -> list[list[str]]:
    return [words[1:] for words in lines if words[0] == program]


def test_the_check_of_commands_notices_what_does_not_exist() -> None:
    assert wrong_with(["match", "--text", "x", "-k", "3"]) is None
    assert wrong_with(["models", "list"]) is None
    assert wrong_with(["marry", "--text", "x"]) == "no command 'marry'"
    assert wrong_with(["models", "burn"]) == "no command 'burn'"
    assert wrong_with(["match", "--words", "x"]) == "no option --words"
    assert list(typed_lines('```bash\nhongniang a \\\n  -b "c d"  # e\n\n# f\n```\n')) == [
        ["hongniang", "a", "-b", "c d"]
    ]


def test_every_command_of_the_readme_exists_with_its_options() -> None:
    commands = lines_of("hongniang")
    assert {"import", "fit", "match", "evaluate", "doctor"} <= {words[0] for words in commands}
    assert {" ".join(words): wrong_with(words) for words in commands if wrong_with(words)} == {}


def test_every_file_of_the_demo_that_the_readme_names_is_there() -> None:
    named = re.findall(r"\bdemo/[\w.]+", README)
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_make_target_of_the_readme_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    inline = re.findall(r"`make ([a-z]+)", README)
    typed = [words[0] for words in lines_of("make")]
    assert {"run", "test"} <= set(typed)
    assert {*typed, *inline} <= targets


def test_every_request_of_the_readme_goes_to_an_address_that_takes_it() -> None:
    from api.app import create_app
    from api.schemas import MatchIn

    requests = lines_of("curl")
    assert requests
    addresses = set(create_app(None).openapi()["paths"])  # type: ignore[arg-type]
    for words in requests:
        [url] = [word for word in words if word.startswith("http")]
        assert urlsplit(url).path in addresses
        if "-d" in words:
            MatchIn.model_validate(json.loads(words[words.index("-d") + 1]))


def settings_table() -> dict[str, str]:
    rows = re.findall(r"^\| `(HONGNIANG_\w+)` \| `?([^`|]*?)`? \|", README, re.MULTILINE)
    return dict(rows)


def test_the_settings_of_the_readme_are_there_with_these_defaults() -> None:
    fields = {f"HONGNIANG_{name.upper()}": field for name, field in Settings.model_fields.items()}
    told = settings_table()
    assert told.keys() <= fields.keys()
    assert {name: default.strip() for name, default in told.items()} == {
        name: settings_document.shown(fields[name].default) for name in told
    }
    assert "docs/deploy.md" in README


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert settings_document.renewed(DEPLOYMENT) == DEPLOYMENT, "run make docs"


def test_a_table_of_settings_has_every_setting_and_needs_its_place() -> None:
    text = f"a\n{settings_document.BEGIN}\nold\n{settings_document.END}\nb\n"
    new = settings_document.renewed(text)
    assert new.startswith("a\n")
    assert new.endswith("\nb\n")
    assert "old" not in new
    for name, field in Settings.model_fields.items():
        assert f"| `HONGNIANG_{name.upper()}` |" in new
        assert f"| {field.description} |" in new
    assert "| `127.0.0.1` |" in new
    assert "| `false` |" in new
    with pytest.raises(ValueError, match="must stand"):
        settings_document.renewed("a")


def test_the_exit_codes_of_the_readme_are_those_of_the_command_line() -> None:
    [told] = re.findall(r"Exit codes: (.+?)\.\n", README, re.DOTALL)
    codes = {int(code) for code in re.findall(r"\b(\d+) ", told)}
    used = {code for _, code in main._EXIT_CODES}
    assert used <= codes == {0, *used, 7}


def test_every_python_block_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})
    assert "印染废水" in capsys.readouterr().out


def test_messages_name_commands_that_exist() -> None:
    sources = [p for part in ("api", "models", "matcher") for p in (ROOT / part).rglob("*.py")]
    command = re.compile(
        r"(?<![/\w])hongniang ((?:(?:models|train|users|mail) )?[a-z]+)(?=[^\w.]|$)", re.MULTILINE
    )
    named = {
        tuple(found.split())
        for path in sources
        for found in command.findall(path.read_text("utf-8"))
    }
    assert {("fit",), ("models", "list"), ("models", "rollback"), ("train", "grader")} <= named
    assert {words: wrong_with(list(words)) for words in named if wrong_with(list(words))} == {}


def test_every_link_of_the_readme_to_a_file_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not list(ROOT.glob(f"{link}*"))] == []
