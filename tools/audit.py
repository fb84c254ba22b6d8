"""Known weaknesses in what is locked: ``make audit``.

Where no vulnerability service can be reached, the locked versions are listed with the dates of
their upload, oldest first; where the registry does not tell these either, the versions alone. Only
a weakness that was found ends with 1: a missing network says nothing about the code.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import urlopen

LOCK: Final = Path(__file__).parents[1] / "requirements.lock"
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_SECONDS: Final = 10
_SERVICES: Final = ("pypi", "osv")
Package = tuple[str, str]


def main(lock: Path = LOCK) -> int:
    """Audit a lock file, or list what is in it."""
    packages = locked(lock.read_text("utf-8"))
    for service in _SERVICES:
        report = _asked(lock, service)
        known = [entry for entry in report if "vulns" in entry]
        if known:
            weak = weaknesses(known)
            print(f"{len(known)} of {len(packages)} packages known to {service}, {len(weak)} weak.")
            print("\n".join(weak))
            return 1 if weak else 0
    print("No vulnerability service knows these packages; nothing was audited. What is locked:")
    print("\n".join(listed(packages)))
    return 0


def weaknesses(report: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each package with a known weakness: which, and where it is mended."""
    return [
        f"{entry['name']} {entry['version']}: "
        + "; ".join(f"{w['id']}, mended in {', '.join(w['fix_versions']) or '-'}" for w in found)
        for entry in report
        if (found := entry["vulns"])
    ]


def locked(text: str) -> list[Package]:
    """Names and versions in a lock file."""
    return _PINNED.findall(text)


def listed(packages: Iterable[Package]) -> list[str]:
    """A line for each package, that uploaded longest ago first; those without a date at the end."""
    chosen = list(packages)
    with ThreadPoolExecutor(4) as threads:
        dates = [uploaded(package) for package in chosen[:1]]
        rest = chosen[1:]  # where the registry tells no date, it is not asked again and again
        dates += threads.map(uploaded, rest) if any(dates) else [None] * len(rest)
    lines = sorted(zip(dates, chosen, strict=True), key=lambda line: (line[0] or "~", line[1]))
    return [f"{date or 'no date   '}  {name} {version}" for date, (name, version) in lines]


def uploaded(package: Package) -> str | None:
    """The day on which the registry received a version, if it tells."""
    name, version = package
    try:
        with urlopen(f"https://pypi.org/pypi/{name}/{version}/json", timeout=_SECONDS) as answer:
            return str(min(file["upload_time"] for file in json.load(answer)["urls"]))[:10]
    except (URLError, OSError, ValueError, KeyError, TypeError):
        return None


def _asked(lock: Path, service: str) -> list[dict[str, Any]]:
    """What pip-audit tells of each package; nothing if it is not there or cannot ask."""
    command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--require-hashes"]
    command += ["--vulnerability-service", service, "--timeout", str(_SECONDS), "--format", "json"]
    command += ["--progress-spinner", "off", "--requirement", str(lock)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    try:
        return list(json.loads(answer)["dependencies"])
    except (ValueError, KeyError, TypeError):
        return []


if __name__ == "__main__":
    sys.exit(main())
