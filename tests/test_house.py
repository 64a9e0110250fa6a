"""The rules of this house, held by tests (docs/architecture.md, CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from lockward import rules
from tests.support import interpreter, rule_docs

ROOT = Path(__file__).parents[1]
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
HEADINGS = ["What it judges", "Why", "Refused", "Passes", "Fix"]


def tracked() -> list[Path]:
    """Every file that the repository holds and the disk has."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


FILES = tracked()
SOURCES = [path for path in FILES if path.suffix == ".py"]
TREES = {path: ast.parse(path.read_bytes(), str(path)) for path in SOURCES}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_long() -> None:
    lines = {name(path): path.read_bytes().count(b"\n") for path in SOURCES}

    assert {path: n for path, n in lines.items() if n > LONGEST_FILE} == {}


def test_no_function_is_long() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]

    assert long == []


# Imports point one way: the modules on the left import none of those on the right.
LAYERS = {
    "lockward/model.py": ("lockward",),
    "lockward/errors.py": ("lockward",),
    "lockward/semver/": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/lockfiles/": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/registries/": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/ci/": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/lockdiff/": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/graph.py": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/project.py": ("lockward.rules", "lockward.engine", "lockward.reports"),
    "lockward/rules/": ("lockward.engine", "lockward.reports"),
    "lockward/engine.py": ("lockward.reports",),
    "lockward/": ("lockward_hooks",),
}


def imported(tree: ast.Module) -> set[str]:
    """The modules that a file imports when it runs: not those for type checkers only."""
    found: set[str] = set()
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        todo.extend(ast.iter_child_nodes(node))
    return found


@pytest.mark.parametrize(("layer", "above"), LAYERS.items())
def test_imports_point_one_way(layer: str, above: tuple[str, ...]) -> None:
    held = {path: tree for path, tree in TREES.items() if name(path).startswith(f"policy/{layer}")}
    wrong = [
        f"{name(path)} imports {module}"
        for path, tree in held.items()
        for module in sorted(imported(tree))
        for part in above
        if module == part or module.startswith(f"{part}.")
    ]

    assert held
    assert wrong == []


COSTLY = """
    dataclasses typing argparse subprocess pathlib re json enum functools collections contextlib
    logging hashlib urllib datetime base64 inspect tempfile shutil pathspec yaml tomli git
"""
HOT = """
    model errors relevant semver spec manifest jsonread lockfiles lockfiles.npm graph lockdiff
    project engine policy levels patterns policyfile registries reports.text
"""


# CI files are read when one changed, whole trees when somebody scans.
_COLD = ("file", "tree")


def test_the_hot_path_imports_nothing_that_costs() -> None:
    modules = [f"lockward.{module}" for module in HOT.split()]
    npm_rules = [row.id.replace("-", "_") for row in rules.RULES if row.judges not in _COLD]
    modules += [f"lockward.rules.{module}" for module in npm_rules]
    modules += ["lockward.rules.npmrc_unsafe", "lockward_hooks.pre_commit"]

    assert interpreter.loaded(modules, COSTLY.split()) == []


# Built here, so that this file does not hold them either.
PUBLIC_HOSTS = [
    ".".join(parts).encode()
    for parts in (
        ("registry", "npmjs", "org"),
        ("registry", "npmjs", "com"),
        ("registry", "yarnpkg", "com"),
        ("npm", "pkg", "github", "com"),
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("deb", "debian", "org"),
    )
]


def test_no_file_names_the_host_of_a_public_registry() -> None:
    named = [
        f"{name(path)}: {host.decode()}"
        for path in FILES
        for host in PUBLIC_HOSTS
        if host in path.read_bytes().lower()
    ]

    assert named == []


def test_every_rule_is_in_the_table_and_the_table_is_every_rule() -> None:
    folder = ROOT / "policy" / "lockward" / "rules"
    modules = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}

    assert modules == {rule.replace("-", "_") for rule in rules.IDS}


@pytest.mark.parametrize("rule_id", rules.IDS)
def test_a_rule_documents_itself(rule_id: str) -> None:
    rule = rules.module(rule_id)
    doc = rule.__doc__ or ""

    assert rule_id == rule.ID
    assert rule.SEVERITY in ("error", "warning", "note")
    assert rule.SUMMARY.isascii()
    assert "\n" not in rule.SUMMARY
    assert re.findall(r"^## (.+)$", doc, re.MULTILINE) == HEADINGS
    assert all(part.strip() for part in re.split(r"^##.*$", doc, flags=re.MULTILINE))


def test_the_generated_pages_are_up_to_date() -> None:
    readme = rule_docs.README.read_text()

    assert rule_docs.PAGE.read_text() == rule_docs.page(), "run `make docs`"
    assert readme == rule_docs.readme(readme), "run `make docs`"


def hook_ids() -> list[str]:
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    return [hook["id"] for hook in manifest]


def test_the_documents_name_every_hook() -> None:
    for page in ("README.md", "docs/hooks.md"):
        text = (ROOT / page).read_text()

        assert [hook for hook in hook_ids() if f"`{hook}`" not in text] == []


LINK = re.compile(r"\[[^\]]*\]\((?!https?://|mailto:)([^)#]*)(#[^)]*)?\)")


@pytest.mark.parametrize("page", [path for path in FILES if path.suffix == ".md"], ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    links = [match[0] for match in LINK.findall(page.read_text()) if match[0]]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
