"""The house rules that a program can check: import direction, light start, documented commands, folders as registries."""

import ast
import subprocess
import sys
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"extract": set(), "archive": {"extract"}, "crawler": {"archive", "extract"}}
HEAVY = (
    "scrapy",
    "twisted",
    "lxml",
    "trafilatura",
    "pdfplumber",
    "pypdfium2",
    "warcio",
    "sqlite_utils",
    "rich",
    "datasette",
)
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, those inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    forbidden = (set(ROOMS) | {"nianbao", "tests"}) - ROOMS[room] - {room}
    assert not imported(path) & forbidden


def test_extract_is_pure() -> None:
    """No disk, no network, no database, no other program in extract/."""
    touching = {
        "sqlite3",
        "sqlite_utils",
        "socket",
        "urllib",
        "http",
        "requests",
        "scrapy",
        "os",
        "shutil",
        "tempfile",
        "pathlib",
        "subprocess",
    }
    for path in (ROOT / "extract").rglob("*.py"):
        assert not imported(path) & touching, path


def test_only_the_archive_writes_to_the_disk() -> None:
    for path in (ROOT / "crawler").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "write_text" not in source and "write_bytes" not in source and ".mkdir(" not in source, path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert (
        ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or not path.read_text(encoding="utf-8").strip()
    )


def test_help_is_light() -> None:
    """`nianbao --help` imports no heavy module."""
    code = "import sys, nianbao; nianbao.cli.main(['--help'], standalone_mode=False); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ast.literal_eval(done.stderr))
    assert not loaded & set(HEAVY)
    assert "Usage:" in done.stdout


def test_every_command_is_documented() -> None:
    """Each command has help, every option too, and stands in docs/commands.md."""
    import nianbao
    from docs.build import _walk

    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for path, command in _walk(nianbao.cli, "nianbao"):
        assert command.help, path
        assert f"## {path}\n" in written
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name not in ("help", "version"):
                assert parameter.help or parameter.name in ("port",), f"{path} {parameter.name}"


def test_listings_print_json_and_csv() -> None:
    import nianbao
    from docs.build import _walk

    listings = {
        "nianbao search",
        "nianbao show",
        "nianbao news",
        "nianbao diff",
        "nianbao checks",
        "nianbao status",
        "nianbao verify",
    }
    listings |= {"nianbao query", "nianbao portals list", "nianbao units list"}
    found = {
        path: {option for parameter in command.params for option in parameter.opts}
        for path, command in _walk(nianbao.cli, "nianbao")
    }
    for path in listings:
        assert {"--json", "--csv"} <= found[path], path


def test_registries_are_folders() -> None:
    """Every module of forms/, formats/ and families/ is registered by being there."""
    from crawler.families import all_families
    from extract.formats import all_formats
    from extract.forms import all_forms

    for folder, names in (
        ("extract/forms", set(all_forms())),
        ("extract/formats", {made.name for made in all_formats()}),
        ("crawler/families", set(all_families())),
    ):
        packages = {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
        assert names == {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"} | packages
