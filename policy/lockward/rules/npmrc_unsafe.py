"""No settings file of the repository redirects, weakens or executes, or holds a secret.

## What it judges
Every `.npmrc` of the tree, read as npm reads it: quotes, escapes, `${VAR}`, arrays,
sections and lone carriage returns hide nothing.  Nested files count too: npm
reads the one of a nested package that is no workspace.  pnpm's settings too: in
`pnpm-workspace.yaml`, and below `pnpm` in package.json; bun's in `bunfig.toml`; Yarn's
in `.yarnrc` and `.yarnrc.yml`.

## Why
The file comes with the clone and overrides what a person or a CI runner has set
up.  `git=` and `node-options=` run code during an install in spite of
`--ignore-scripts`; `scope=@x` together with `@x:registry=` redirects every package
without a scope while `registry=` looks clean.

## Refused
- a token or password written out: `_authToken`, `_auth`, `_password`, `user:password@`
- a token from the environment for a host that neither policy nor file vouches for
- registries over http, or dependent on the environment, or outside the policy
- `git`, `script-shell`, `node-options`, `node-gyp`, `editor`, ... : programs that npm runs
- `globalconfig`, `userconfig`, `scope`: other settings, another registry
- `strict-ssl=false`, `package-lock=false`, `allow-git=all`, `dangerously-allow-all-scripts`
- a setting that only seems to protect: below a `[section]`, `ignore_scripts=true`
- an `.npmrc` that is a symbolic link
- pnpm: `trustLockfile`, `blockExoticSubdeps: false`, `dangerouslyAllowAllBuilds`,
  `strictDepBuilds: false`, `minimumReleaseAge: 0`, `lockfile: false`, `scriptShell`,
  `nodeOptions`, a registry over http, a protective key that is not in camelCase
- bun: `saveTextLockfile = false`, `lockfile.save = false`, a scanner in the repository
- Yarn 2 and later: `npmAuthToken` written out, `checksumBehavior: ignore`,
  `enableStrictSsl: false`, `unsafeHttpWhitelist`, `enableHardenedMode: false`,
  `enableLockfile: false`, a `yarnPath` or a plugin that is not committed below `.yarn/`
- Yarn 1: `strict-ssl false`, `registry "http://..."`, `--no-lockfile true`, `script-shell`,
  `yarn-path` outside of `.yarn/releases`, `yarn-offline-mirror` (a warning)

## Passes
- `@acme:registry=https://...`, `//npm.acme.test/:_authToken=${NPM_TOKEN}`
- `node-options=--max-old-space-size=4096`, `engine-strict`, `save-exact`, `fund=false`
- `legacy-peer-deps`, `audit=false`: a matter of taste, not of safety
- `yarnPath: .yarn/releases/yarn-4.9.1.cjs`, plugins below `.yarn/plugins/@yarnpkg/`,
  `npmAuthToken: "${NPM_TOKEN}"`
- `allowBuilds: {esbuild: true}`, `onlyBuiltDependencies`: the reviewed list itself

## Fix
`npm config delete KEY --location=project`.  A committed token is known to everybody
who can read the history: revoke it first.
"""

from __future__ import annotations

from lockward.findings import Finding
from lockward.paths import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy

    Judge = Callable[[str, Tree, Policy], Iterator[Finding]]

ID: Final = "npmrc-unsafe"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "settings that redirect, weaken or execute, and committed secrets"
MOST: Final = 200  # findings in one file; what is left out is one more

# A file's name in lower case -> the module and the function in it that judge such a file.
FILES: Final = {
    ".npmrc": ("lockward.rules._npmrc_file", "judge"),
    "bunfig.toml": ("lockward.rules._bunfig_file", "judge"),
    "pnpm-workspace.yaml": ("lockward.rules._pnpm_file", "judge"),
    "package.json": ("lockward.rules._pnpm_file", "judge_manifest"),
    ".yarnrc": ("lockward.rules._yarn_file", "judge"),
    ".yarnrc.yml": ("lockward.rules._yarn_file", "judge_yml"),
}


def check(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one settings file; nothing for other files."""
    name = name_of(path).lower()
    row = FILES.get(name)
    if row is None or (name == "package.json" and not _speaks_of_pnpm(path, tree)):
        return
    for number, finding in enumerate(_judge(*row)(path, tree, policy)):
        if number == MOST:
            yield _too_many(path)
            return
        yield finding


def _speaks_of_pnpm(path: str, tree: Tree) -> bool:
    """Whether pnpm may find settings in a manifest: nearly none has any, and every commit asks."""
    from lockward.errors import LockwardError

    try:
        data = tree.read(path) or b""
    except LockwardError:
        return False  # lockfile-unreadable reports it
    return b"pnpm" in data or b"\\u" in data


def _judge(module: str, function: str) -> Judge:
    found: Judge = getattr(__import__(module, fromlist=(function,)), function)
    return found


def _too_many(path: str) -> Finding:
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        subject="too many",
        message=f"{path}: more than {MOST} findings, the rest is left out",
    )
