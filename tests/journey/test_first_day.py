"""From a fresh folder to a found match, and again after a restart."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.app import create_app
from api.bootstrap import open_workspace
from tests.databases import Folders
from tests.journey.conftest import Hongniang

with warnings.catch_warnings():
    # Starlette would like httpx2 better than httpx, and says so when this is imported.
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

DEMO = Path(__file__).parents[2] / "demo"
FORM = {
    "title": "纺织印染废水脱色难",
    "problem": "印染废水色度高，生化后COD仍超标，活性炭用量大。",
    "indicators": "出水色度低于30倍，COD低于50 mg/L。",
    "goal": "一套吨水成本低于2元的深度处理工艺。",
    "keywords": "印染废水、脱色、深度处理",
    "field": "资源与环境",
    "region": "江苏-苏州",
    "solution_mode": "合作研发",
    "organisation": "吴江锦染纺织有限公司（示例）",
    "contact": "李经理（示例）",
    "phone": "000-12345678",
    "confidentiality": "brokers",
}


PASSWORD = "一句很容易记住的话呀"


def hidden(page: str, name: str) -> str:
    """A hidden field of a page's form."""
    return re.findall(f'name="{name}" value="([^"]+)"', page)[-1]


def handed_in(client: Any) -> Any:
    """The answer to the demand form, sent as a browser sends it."""
    page = client.get("/demands/new").text
    names = ("form_token", "submission")
    return client.post("/demands/new", data=FORM | {name: hidden(page, name) for name in names})


def signed_in(client: Any, name: str) -> Any:
    """Through the login page; JSON is then asked as a script of ours asks."""
    typed = {"name": name, "password": PASSWORD}
    token = hidden(client.get("/login").text, "form_token")
    assert client.post("/login", data=typed | {"form_token": token}).status_code == 200
    client.headers["X-Form-Token"] = hidden(client.get("/account").text, "form_token")
    return client


@contextmanager
def browser(folders: Folders, data: Path) -> Iterator[Any]:
    """A browser at a server on the folder, both gone afterwards."""
    workspace = open_workspace(folders.settings(data))
    try:
        with TestClient(create_app(workspace)) as client:
            yield client
    finally:
        workspace.close()


def test_from_a_fresh_folder_to_a_pairing_and_again_after_a_restart(
    hongniang: Hongniang, folders: Folders, tmp_path: Path
) -> None:
    data = tmp_path / "fresh"

    # The administrator fills the library.
    for kind, count in (("achievements", 168), ("demands", 64)):
        done = hongniang("import", kind, DEMO / f"{kind}.jsonl", "--json", data=data)
        assert (done.code, done.json["added"]) == (0, count)
    fitted = hongniang("fit", "--json", data=data)
    assert fitted.json["figures"] == {"achievements": 168, "demands": 64} | {
        "terms": fitted.json["figures"]["terms"]
    }

    # And lets a broker in.
    adding = ["users", "add", "lin.jing", "--role", "broker", "--password", PASSWORD]
    assert hongniang(*adding, data=data).code == 0
    assert "技术经理人" in hongniang("users", "list", data=data).out

    # A broker asks.
    asked = ["match", "--text", "印染废水脱色与深度处理", "-k", "5", "--json"]
    first = hongniang(*asked, data=data).json
    assert len(first["pairings"]) == 5
    assert first["model"] == fitted.json["name"]
    offer = first["pairings"][0]["achievement"]["id"]

    # An enterprise hands in its demand and follows it with its receipt.
    with browser(folders, data) as client:
        receipt = handed_in(client)
        assert receipt.status_code == 200
        assert FORM["title"] in receipt.text
        [code] = set(re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){5}", receipt.text))
        assert client.post("/api/v1/matches", json={"id": offer}).status_code == 401
        signed_in(client, "lin.jing")
        found = client.post("/api/v1/matches", json={"id": offer}).json()
        assert found["pairings"][0]["demand"]["title"] == FORM["title"]
        demand = found["pairings"][0]["demand"]["id"]

    # The server is started again, and the command line looks too.
    with browser(folders, data) as client:
        signed_in(client, "lin.jing")
        again = client.post("/api/v1/matches", json={"id": offer}).json()
        assert again == found
        forth = client.get(f"/api/v1/demands/{demand}/matches").json()
        assert offer in [pairing["achievement"]["id"] for pairing in forth["pairings"]]
        followed = client.get("/receipts", params={"code": code.lower()})
        assert followed.status_code == 200
        assert FORM["title"] in followed.text
    answer = hongniang("match", "--achievement", offer, "--json", data=data).json
    assert answer["pairings"][0]["demand"]["id"] == demand
    assert hongniang(*asked, data=data).json == first

    # What the enterprise keeps to itself was in no answer.
    for secret in ("organisation", "contact", "phone"):
        assert FORM[secret] not in str([found, forth, answer])


def test_a_new_model_finds_what_the_old_one_found(
    hongniang: Hongniang, folders: Folders, data: Path
) -> None:
    with browser(folders, data) as client:
        assert handed_in(client).status_code == 200
    assert hongniang("fit", data=data).code == 0
    answer = hongniang("match", "--text", FORM["title"], "--json", "-k", "1", data=data).json
    offer = answer["pairings"][0]["achievement"]["id"]
    titles = [
        pairing["demand"]["title"]
        for pairing in hongniang("match", "--achievement", offer, "--json", data=data).json[
            "pairings"
        ]
    ]
    assert FORM["title"] in titles
    assert hongniang("models", "rollback", data=data).code == 0
    again = hongniang("match", "--achievement", offer, "--json", data=data).json
    assert FORM["title"] in [pairing["demand"]["title"] for pairing in again["pairings"]]
