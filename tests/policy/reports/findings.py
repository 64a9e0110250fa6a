"""The findings that the report tests render, one builder per kind."""

from __future__ import annotations

from lockward.findings import Finding, LockfileVerdict, Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LOCK = "package-lock.json"
RESTORE = f"git checkout HEAD -- {LOCK}"
REWRITE = "npm install --package-lock-only --ignore-scripts"

TAMPERED = Finding(
    rule="lockfile-tampered",
    severity="error",
    path=LOCK,
    line=153,
    package="debug@2.6.9",
    message="debug@2.6.9: other integrity, and nothing explains it",
    was="sha512-bC7ElrdJaJnPbAP+1EotYvqZsb3ecl5wi6Bfi6BJTUcNowp6cvspg0jXznRTKDjm/E7AdgFBVeAPVMNcKGsHMA==",
    now="sha512-" + "A" * 86 + "==",
    why="published bytes never change; this version was locked with the old hash",
    remedy=(RESTORE, REWRITE, "if it comes back, stop and tell whoever runs your registry"),
)
UNSCOPED = Finding(
    rule="internal-name-unscoped",
    severity="error",
    path="package.json",
    line=3,
    package="billing-client",
    message="billing-client: ours, but asked for without @acme",
    why="anybody can publish the bare name; npm would install theirs",
    remedy=(
        "npm pkg delete dependencies.billing-client",
        "npm pkg set 'dependencies.@acme/billing-client=^2.1.0'",
        REWRITE,
    ),
)
LOOSE_INSTALL = Finding(
    rule="ci-npm-install",
    severity="warning",
    path=".github/workflows/ci.yml",
    line=2,
    message="`npm install` can install what was never locked",
    remedy=("npm ci",),
)
DOUBLED = Finding(
    rule="lockfile-unreadable",
    severity="error",
    path=LOCK,
    line=198,
    message='"node_modules/debug" is there twice',
    why="two readers can read two lockfiles here; mostly a bad merge",
    remedy=(RESTORE, REWRITE),
    undecided=True,
)


def refreshed(name: str, was: str, now: str, line: int, want: str) -> Finding:
    """A package that moved inside its range."""
    return Finding(
        rule="lockfile-unmatched",
        severity="error",
        path=LOCK,
        line=line,
        package=f"{name}@{now}",
        message=f"{name} moved from {was} to {now}, but no requirement changed",
        group="in-range refresh of {n} packages, and no requirement changed",
        row=(name, f"{was} -> {now}", f"line {line}", f"express wants {want}"),
        why="a refresh: in range, same registry, sha512; but package.json asks none",
        remedy=(f"drop it   {RESTORE}", "ask it    npm pkg set overrides.qs=6.16.2"),
    )


def bare(number: int, rule: str = "lockfile-integrity", group: str = "") -> Finding:
    """One of many findings, without a row."""
    return Finding(
        rule=rule,
        severity="error",
        path=LOCK,
        line=40 + number,
        package=f"package-{number}@1.0.0",
        subject=str(number),
        message=f"package-{number}@1.0.0: no integrity",
        group=group,
    )


def report(
    *findings: Finding,
    lockfiles: tuple[LockfileVerdict, ...] = (),
    examined: Mapping[str, int] | None = None,
    suppressed: tuple[Finding, ...] = (),
    undecided: tuple[str, ...] = (),
) -> Report:
    """A report of these findings."""
    return Report(
        findings=findings,
        lockfiles=lockfiles,
        examined=examined,
        suppressed=suppressed,
        undecided=undecided,
    )
