"""One command is the whole check: the linters run as tests, so a newcomer sees what CI sees."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "infusiondesk"
TOP = {"infusiondesk", "resources", "db", "tests", "main.py", "pyproject.toml", "README.md"}
FOR_TOOLS = {"Makefile", "requirements.lock", ".gitignore", ".ci", "LICENSE", "CHANGELOG.md"}
NOT_SLICES = {"app", "workflows", "foundation"}


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def tracked() -> list[Path]:
    """Files that git tracks; where there is no git, all files but caches."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout:
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and "." not in path.relative_to(ROOT).parts[0]]


def slices() -> set[str]:
    return {folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and not folder.name.startswith("_")} - NOT_SLICES


def test_imports_point_down() -> None:
    assert run(sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()") == ""


def test_ruff_is_clean() -> None:
    assert run(sys.executable, "-m", "ruff", "check", "--no-cache", ".") == ""
    assert run(sys.executable, "-m", "ruff", "format", "--check", "--quiet", "--no-cache", ".") == ""


def test_types_hold_strictly() -> None:
    assert run(sys.executable, "-m", "mypy") == ""


def test_the_top_level_is_what_the_readme_says() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert found - FOR_TOOLS == TOP
    assert found - TOP <= FOR_TOOLS


def test_every_slice_stands_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"] == "Inside every slice")

    assert {name.split(".")[1] for name in inside["containers"]} == slices()


def test_every_slice_says_what_it_is() -> None:
    silent = [name for name in slices() if len((PACKAGE / name / "__init__.py").read_text("utf-8").split()) < 10]

    assert silent == []


def test_journeys_know_the_window_only() -> None:
    """A journey has keys, mouse, scanner and what the screen shows: never a service, a record or a query."""
    forbidden = re.compile(r"(import|from)\s+\S*\.(service|records|queries)\b|sqlalchemy")
    guilty = [path.name for path in (ROOT / "tests" / "journeys").rglob("*.py") if forbidden.search(path.read_text("utf-8"))]

    assert guilty == []


def test_nothing_names_this_machine_or_a_registry() -> None:
    """No absolute path of a workplace and no address of a package registry in what is committed."""
    pattern = re.compile(r"/(work|home|root|Users)/[a-z]|pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".lock", ".csv", ".ini", ""} and path.name != Path(__file__).name
        if pattern.search(path.read_text("utf-8", errors="ignore"))
    ]

    assert guilty == []


def test_the_lock_holds_a_hash_for_every_package() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    packages = re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.MULTILINE)

    assert packages
    for block in re.split(r"\n(?=[A-Za-z0-9_.-]+==)", text):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_exactly_one_sqlcipher_is_installed() -> None:
    """Three packages share one import name; two of them bundle a SQLite that can corrupt a WAL database."""
    from importlib.metadata import distributions

    found = {dist.metadata["Name"].lower() for dist in distributions() if dist.metadata["Name"].lower().startswith("sqlcipher3")}

    assert found == {"sqlcipher3"}


def test_no_library_asks_for_another_one_with_extras() -> None:
    """pip takes `name[extra]` from a lock with hashes only while the locked version is the newest: set-up would break by itself."""
    asked = [
        f"{one.name} asks for {needed}"
        for one in distributions()
        for needed in map(Requirement, one.requires or [])
        if needed.extras and (needed.marker is None or needed.marker.evaluate({"extra": ""}))
    ]
    assert asked == []
