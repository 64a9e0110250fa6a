"""pnpm: a reference that names another package which is locked already.

Nothing comes, goes or moves then: only who depends on what.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.support.states import Files, judged, pnpm_state, refused, told

Json = dict[str, Any]
PLAIN: Final[Json] = {}
NEEDS: Final = {"lodash": "4.17.21"}


def state(
    web: str = "4.17.21",
    app: str = "4.17.21",
    *,
    real: str = "1.0.0",
    field: str = "dependencies",
) -> Files:
    """``web``, the project and a member need lodash; two versions are locked, and evil."""
    return pnpm_state(
        {"web": "*", "lodash": "^4.0.0", "other": "*", "real": real},
        {
            "web@1.0.0": {field: {"lodash": web}},
            "other@1.0.0": {
                "dependencies": {"lodash": "4.17.20", "evil": "1.0.0", "@e/x": "1.0.0"}
            },
            "third@1.0.0": {"dependencies": NEEDS},
            "lodash@4.17.21": PLAIN,
            "lodash@4.17.20": PLAIN,
            "lodash@3.10.1": PLAIN,
            "evil@1.0.0": PLAIN,
            "@e/x@1.0.0": PLAIN,
            f"real@{real}": PLAIN,
        },
        members={"packages/a": {"third": "*"}},
        extra={"pnpm-workspace.yaml": "packages:\n  - packages/*\n"},
        answers={"lodash": app},
    )


BEFORE: Final = state()


@pytest.mark.parametrize(
    ("after", "wanted", "code"),
    [
        pytest.param(state("4.17.20"), "rollback", "deduplicated", id="a package's, lower"),
        pytest.param(state("evil@1.0.0"), "tampered", "laundered", id="a package's, another name"),
        pytest.param(
            state("@e/x@1.0.0"), "tampered", "laundered", id="a package's, a name with a scope"
        ),
        pytest.param(
            state(app="4.17.20"), "rollback", "deduplicated", id="a project's, lower in its range"
        ),
        pytest.param(
            state(app="3.10.1"), "unexplained", "out-of-range", id="a project's, out of its range"
        ),
        pytest.param(
            state(app="evil@1.0.0"), "tampered", "laundered", id="a project's, another name"
        ),
        pytest.param(
            state("4.17.20", real="1.1.0"),
            "matched",
            "deduplicated",
            id="a package's, beside a requirement",
        ),
        pytest.param(
            state("evil@1.0.0", real="1.1.0"),
            "tampered",
            "laundered",
            id="another name beside a requirement",
        ),
    ],
)
def test_another_package_that_is_locked_already(after: Files, wanted: str, code: str) -> None:
    diff = judged(BEFORE, after)
    assert diff.classification == wanted, told(diff)
    assert code in {item.code for item in diff.items}, told(diff)
    assert bool(refused(BEFORE, after)) is (wanted != "matched")


@pytest.mark.parametrize("to", ["4.17.20", "evil@1.0.0"])
def test_an_optional_dependency_s_too(to: str) -> None:
    before = state(field="optionalDependencies")
    after = state(to, field="optionalDependencies")
    assert judged(before, after).classification in ("rollback", "tampered")
    assert refused(before, after)


@pytest.mark.parametrize("other", ["evil@4.17.21", "@e/x@4.17.21"])
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_a_package_that_comes_in_under_another_name(version: str, other: str) -> None:
    """Of a new dependant, too: a reference with a slash in it is no repository."""
    before, after = (
        pnpm_state(
            {"web": f"^{of}"},
            {
                f"web@{of}": {"dependencies": {"lodash": reference}},
                (reference if "@" in reference else f"lodash@{reference}"): PLAIN,
            },
        )
        for of, reference in (("1.0.0", "4.17.21"), (version, other))
    )
    diff = judged(before, after)
    assert diff.classification == "tampered", told(diff)
    assert "laundered" in {item.code for item in diff.items}
    assert refused(before, after)


def test_the_same_references_are_metadata() -> None:
    after = {**BEFORE, "pnpm-lock.yaml": f"{BEFORE['pnpm-lock.yaml']!s}\n"}
    assert judged(BEFORE, after).classification == "metadata"
    assert not refused(BEFORE, after)


def docusaurus(reference: str, *, of: str = "@docu/core") -> Files:
    """A package of a scope needs react-loadable, and another that it takes along has it so."""
    packages: dict[str, Json] = {
        f"{one}@1.0.0": {"dependencies": {"react-loadable": reference}} for one in (of, "addon")
    }
    packages["addon@1.0.0"]["peerDependencies"] = {"react-loadable": "^5.5.2"}
    packages[reference] = {}
    return pnpm_state({of: "*", "addon": "*"}, packages)


@pytest.mark.parametrize(
    ("of", "reference", "laundered"),
    [
        pytest.param("@docu/core", "@docu/react-loadable@5.5.2", False, id="its scope's own copy"),
        pytest.param("@docu/core", "@evil/react-loadable@5.5.2", True, id="another scope's copy"),
        pytest.param("@docu/core", "@docu/other@5.5.2", True, id="another package of its scope"),
        pytest.param("docu", "@docu/react-loadable@5.5.2", True, id="nobody of that scope asks"),
    ],
)
def test_a_scope_takes_its_own_copy_of_a_package(
    of: str, reference: str, *, laundered: bool
) -> None:
    """trpc/trpc 18a2757a99: @docusaurus/core."""
    before = pnpm_state({}, {})
    diff = judged(before, docusaurus(reference, of=of))
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)
    assert (diff.classification == "tampered") is laundered, told(diff)


def scoped(version: str, reference: str, *, known: str = "4.0.0") -> Files:
    """``@babel/types`` needs another package of its scope; ``@docu/x`` is locked, too."""
    packages: dict[str, Json] = {
        f"@babel/types@{version}": {"dependencies": {"@babel/parser": reference}},
        f"@babel/parser@{known}": {},
        "@docu/x@1.0.0": {},
    }
    return pnpm_state({"@babel/types": version, "@babel/parser": known, "@docu/x": "*"}, packages)


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_a_name_of_the_dependant_s_scope_is_somebody_s(version: str) -> None:
    before, after = scoped("1.0.0", "4.0.0"), scoped(version, "@docu/x@1.0.0")
    diff = judged(before, after)
    assert diff.classification == "tampered", told(diff)
    assert refused(before, after)


CODINGAME: Final = "@codingame/monaco-vscode-extension-api@25.1.2"


@pytest.mark.parametrize(
    ("of", "reference", "laundered"),
    [
        pytest.param("monaco-languageclient", CODINGAME, False, id="who is known for it"),
        pytest.param("evil", CODINGAME, True, id="somebody else"),
        pytest.param("monaco-languageclient", "@evil/api@25.1.2", True, id="another package"),
    ],
)
def test_a_published_alias(of: str, reference: str, *, laundered: bool) -> None:
    """prisma/prisma 29e65f0808."""
    packages: dict[str, Json] = {
        f"{of}@1.0.0": {"dependencies": {"vscode": reference}},
        reference: {},
    }
    diff = judged(pnpm_state({}, {}), pnpm_state({of: "*"}, packages))
    assert ("laundered" in {item.code for item in diff.items}) is laundered, told(diff)
