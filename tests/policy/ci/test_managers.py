"""What each command line does to the lockfile: the tables that real managers gave.

npm 6, 9, 10 and 12, yarn 1, 3 and 4, pnpm 9, 10 and 12, bun 1 were run with a lockfile
that misses a dependency, without a lockfile, and with and without CI; ``unfrozen`` is
what installed something else than the lockfile says.
"""

from __future__ import annotations

import shlex

import pytest

from lockward.ci import managers
from lockward.ci.command import ANYWHERE, NOWHERE, Environment
from lockward.ci.managers.verdict import Facts

CI = Environment({"CI": "true"})
LOCKED = Facts(known=True, locked=frozenset({"npm", "yarn", "pnpm", "bun"}))
UNLOCKED = Facts(known=True)
OTHERS = Facts(known=True, locked=frozenset({"npm"}))


def verdict(line: str, environment: Environment = CI, facts: Facts = LOCKED) -> str:
    """``kind`` or, where it matters, ``kind reason``."""
    found = managers.judge(shlex.split(line), environment, facts)
    return f"{found.kind} {found.reason}"


def at(manager: str, version: str) -> Facts:
    """A project with every lockfile, and a manager of that version."""
    return Facts(known=True, locked=LOCKED.locked, versions={manager: version})


NPM_INSTALLS = """
    install i in ins inst insta instal add ad isnt isnta isntal isntall install-test it
    install-t install-te install-tes installTest
"""
NPM_FROZEN = """
    ci ic clean-install install-clean isntall-clean install-cl install-cle install-clea
    cleanInstall install-ci-test cit sit si clean-install-test install-ci install-ci-
"""
NPM_OTHER = """
    run test t tst exec x link ln version pack publish config c s search r help INSTALL
    install-c install- rebuild create init view outdated audit fund login whoami ping
    install-scripts cache root prefix npm instal-l
"""


@pytest.mark.parametrize("verb", NPM_INSTALLS.split())
def test_every_name_of_npm_install_is_an_install(verb: str) -> None:
    assert verdict(f"npm {verb}") == "unfrozen install"


@pytest.mark.parametrize("verb", NPM_FROZEN.split())
def test_every_name_of_npm_ci_is_frozen(verb: str) -> None:
    assert verdict(f"npm {verb}") == "frozen frozen"


@pytest.mark.parametrize("verb", NPM_OTHER.split())
def test_what_only_looks_like_an_install_is_none(verb: str) -> None:
    assert verdict(f"npm {verb}").startswith(("benign", "needs-context"))


NPM = [
    ("npm install --omit=dev --prefer-offline --ignore-scripts --no-audit", "unfrozen install"),
    ("npm install --production", "unfrozen install"),
    ("npm install .", "unfrozen install"),
    ("npm --prefix web install", "unfrozen install"),
    ("npm --prefix=web install", "unfrozen install"),
    ("npm -C web i", "unfrozen install"),
    ("npm -w pkg --loglevel silly install", "unfrozen install"),
    ("npm --userconfig ci install", "unfrozen install"),
    ("npm --registry https://registry.example.org ci", "frozen frozen"),
    ("npm --yes install", "unfrozen install"),
    ("npm --unknown install", "unfrozen install"),
    ("npm -s install", "unfrozen install"),
    ("npm -dd i", "unfrozen install"),
    ("npm install --frozen-lockfile", "unfrozen no-such-option"),
    ("npm install --ci", "unfrozen install"),  # npm takes it for --cidr
    ("npm install --no-package-lock", "unfrozen lockfile-off"),
    ("npm install --package-lock=false", "unfrozen lockfile-off"),
    ("npm install --no-save", "unfrozen install"),
    ("npm install --package-lock-only", "needs-context lock-only"),
    ("npm install --dry-run", "benign dry-run"),
    ("npm install --help", "benign not-an-install"),
    ("npm i -h", "benign not-an-install"),
    ("npm help install", "benign not-an-install"),
    ("npm ci --force --legacy-peer-deps --no-save", "frozen frozen"),
    ("npm ci --no-package-lock", "frozen frozen"),
    ("npm ci lodash", "frozen frozen"),
    ("npm install lodash", "unfrozen ad-hoc"),
    ("npm install lodash@latest", "unfrozen ad-hoc"),
    ("npm install lodash@^4", "unfrozen ad-hoc"),
    ("npm i git+https://git.example.org/a.git", "unfrozen ad-hoc"),
    ("npm i @scope/a", "unfrozen ad-hoc"),
    ("npm i @scope/a@1.2.3", "needs-context ad-hoc-pinned"),
    ("npm install lodash@4.17.21", "needs-context ad-hoc-pinned"),
    ("npm install ./x.tgz", "needs-context local"),
    ("npm install ../dir", "needs-context local"),
    ("npm i -g npm", "benign global"),
    ("npm install --global npm@latest", "benign global"),
    ("npm i npm --location=global", "benign global"),
    ("npm i -gf npm", "benign global"),
    ("npm --global i npm", "benign global"),
    ("npm update", "needs-context maintenance"),
    ("npm upgrade lodash", "needs-context maintenance"),
    ("npm dedupe", "needs-context maintenance"),
    ("npm prune --omit=dev", "needs-context maintenance"),
    ("npm audit fix", "needs-context maintenance"),
    ("npm audit", "benign not-an-install"),
    ("npm run install", "benign not-an-install"),
    ("npm exec -- playwright install", "benign not-an-install"),
    ("npm", "benign not-an-install"),
]
YARN = [
    ("yarn", "unfrozen install"),
    ("yarn install", "unfrozen install"),
    ("yarn --production", "unfrozen install"),
    ("yarn --flat --silent", "unfrozen install"),
    ("yarn install --network-timeout 600000", "unfrozen install"),
    ("yarn --frozen-lockfile", "frozen frozen"),
    ("yarn install --frozen-lockfile --ignore-scripts", "frozen frozen"),
    ("yarn --cwd web install --frozen-lockfile", "frozen frozen"),
    ("yarn install --pure-lockfile", "unfrozen lockfile-off"),
    ("yarn install --no-lockfile", "unfrozen lockfile-off"),
    ("yarn add lodash", "unfrozen ad-hoc"),
    ("yarn add lodash@4.17.21", "needs-context ad-hoc-pinned"),
    ("yarn global add serve", "benign global"),
    ("yarn upgrade", "needs-context maintenance"),
    ("yarn dedupe --check", "benign not-an-install"),
    ("yarn run install", "benign not-an-install"),
    ("yarn i", "benign not-an-install"),
    ("yarn ci", "benign not-an-install"),
    ("yarn build", "benign not-an-install"),
    ("yarn install-local-ssl", "benign not-an-install"),
    ("yarn --version", "benign not-an-install"),
    ("yarn workspace a add lodash", "unfrozen ad-hoc"),
    ("yarn workspaces focus", "unfrozen focus"),
    ("yarn cache clean", "benign not-an-install"),
    ("yarn install --help", "benign not-an-install"),
]
PNPM = [
    ("pnpm install", "frozen frozen"),
    ("pnpm i --prod --offline --force", "frozen frozen"),
    ("pnpm -r i", "frozen frozen"),
    ("pnpm recursive install", "frozen frozen"),
    ("pnpm -C web install", "frozen frozen"),
    ("pnpm --filter web... install", "frozen frozen"),
    ("pnpm install --frozen-lockfile", "frozen frozen"),
    ("pnpm install --no-frozen-lockfile", "unfrozen switched-off"),
    ("pnpm install --frozen-lockfile=false", "unfrozen switched-off"),
    ("pnpm install --fix-lockfile", "unfrozen switched-off"),
    ("pnpm install --lockfile-only", "needs-context lock-only"),
    ("pnpm install --no-lockfile", "unfrozen lockfile-off"),
    ("pnpm install --prefer-frozen-lockfile", "unfrozen switched-off"),
    ("pnpm ci", "frozen frozen"),
    ("pnpm add lodash", "unfrozen ad-hoc"),
    ("pnpm install lodash", "unfrozen ad-hoc"),
    ("pnpm add -g pnpm", "benign global"),
    ("pnpm update", "needs-context maintenance"),
    ("pnpm dedupe", "needs-context maintenance"),
    ("pnpm dedupe --check", "benign not-an-install"),
    ("pnpm fetch", "benign not-an-install"),
    ("pnpm run install", "benign not-an-install"),
    ("pnpm playwright install", "benign not-an-install"),
    ("pnpm exec playwright install", "benign not-an-install"),
]
BUN = [
    ("bun install", "unfrozen install"),
    ("bun i --force", "unfrozen install"),
    ("bun install --no-save", "unfrozen install"),
    ("bun install --frozen-lockfile", "frozen frozen"),
    ("bun ci", "frozen frozen"),
    ("bun install --production", "frozen frozen"),
    ("bun install -p", "frozen frozen"),
    ("bun add lodash", "unfrozen ad-hoc"),
    ("bun add -g turbo", "benign global"),
    ("bun update", "needs-context maintenance"),
    ("bun install --dry-run", "benign dry-run"),
    ("bun run install", "benign not-an-install"),
    ("bun test", "benign not-an-install"),
    ("bun build ./index.ts", "benign not-an-install"),
]


@pytest.mark.parametrize(("line", "expected"), NPM + YARN + PNPM + BUN)
def test_a_command_in_ci_with_a_lockfile(line: str, expected: str) -> None:
    assert verdict(line) == expected


@pytest.mark.parametrize(("line", "expected"), NPM + YARN + BUN)
def test_npm_yarn_1_and_bun_never_look_at_ci(line: str, expected: str) -> None:
    assert verdict(line, NOWHERE) == expected


WITHOUT_LOCKFILE = [
    ("npm install", UNLOCKED, "unfrozen no-lockfile"),
    ("npm ci", UNLOCKED, "frozen frozen"),  # it fails
    ("yarn --frozen-lockfile", UNLOCKED, "unfrozen no-lockfile"),
    ("yarn install --immutable", UNLOCKED, "frozen frozen"),  # Berry fails
    ("pnpm install", UNLOCKED, "unfrozen no-lockfile"),
    ("pnpm install", OTHERS, "unfrozen no-lockfile"),  # npm's lockfile is none to pnpm
    ("yarn --frozen-lockfile", OTHERS, "unfrozen no-lockfile"),
    ("bun ci", OTHERS, "frozen frozen"),  # Bun takes npm's lockfile over
    ("pnpm install --frozen-lockfile", UNLOCKED, "frozen frozen"),  # it fails
    ("bun install --frozen-lockfile", UNLOCKED, "unfrozen no-lockfile"),
    ("bun ci", UNLOCKED, "unfrozen no-lockfile"),
    ("bun install --frozen-lockfile", Facts(), "frozen frozen"),  # the project was not found
]


@pytest.mark.parametrize(("line", "facts", "expected"), WITHOUT_LOCKFILE)
def test_a_frozen_flag_without_a_lockfile(line: str, facts: Facts, expected: str) -> None:
    assert verdict(line, facts=facts) == expected


BERRY = at("yarn", "4.1.0")
NO_CI = Environment({"NODE_ENV": "test"})
BY_CIRCUMSTANCE = [
    ("yarn install", CI, BERRY, "frozen frozen"),
    ("yarn", CI, BERRY, "frozen frozen"),
    ("yarn install --mode=skip-build", CI, BERRY, "frozen frozen"),
    ("yarn install --check-cache", CI, BERRY, "frozen frozen"),
    ("yarn install --mode=update-lockfile", CI, BERRY, "needs-context lock-only"),
    ("yarn install --no-immutable", CI, BERRY, "unfrozen switched-off"),
    ("yarn", NO_CI, BERRY, "unfrozen no-ci"),
    ("yarn", ANYWHERE, BERRY, "needs-context caller-decides"),
    ("yarn --immutable", NO_CI, BERRY, "frozen frozen"),
    ("yarn --frozen-lockfile", NO_CI, BERRY, "frozen frozen"),
    ("yarn", Environment({"CI": "false"}), BERRY, "unfrozen no-ci"),
    ("yarn", Environment({"CI": "false"}), at("yarn", "3.8.7"), "frozen frozen"),
    ("yarn", Environment({"CI": "0"}), BERRY, "frozen frozen"),
    ("yarn", Environment({"CI": ""}), BERRY, "unfrozen no-ci"),
    (
        "yarn",
        Environment({"CI": "true", "YARN_ENABLE_IMMUTABLE_INSTALLS": "false"}),
        BERRY,
        "unfrozen switched-off",
    ),
    (
        "yarn",
        Environment({"YARN_ENABLE_IMMUTABLE_INSTALLS": "true"}),
        BERRY,
        "frozen frozen",
    ),
    ("yarn install --immutable", CI, at("yarn", "1.22.22"), "unfrozen no-such-option"),
    ("yarn", CI, at("yarn", "1.22.22"), "unfrozen install"),
    ("yarn@4 install", CI, LOCKED, "frozen frozen"),
    ("pnpm install", NOWHERE, LOCKED, "unfrozen no-ci"),
    ("pnpm install", ANYWHERE, LOCKED, "needs-context caller-decides"),
    ("pnpm install", Environment({"CI": "false"}), LOCKED, "unfrozen no-ci"),
    ("pnpm install --prefer-frozen-lockfile", CI, at("pnpm", "12.0.0"), "frozen frozen"),
    (
        "pnpm install",
        Environment({"CI": "1", "npm_config_frozen_lockfile": "false"}),
        at("pnpm", "10.0.0"),
        "unfrozen switched-off",
    ),
    (
        "pnpm install",
        Environment({"CI": "1", "npm_config_frozen_lockfile": "false"}),
        at("pnpm", "12.0.0"),
        "frozen frozen",
    ),
    (
        "pnpm install",
        Environment({"CI": "1", "pnpm_config_frozen_lockfile": "false"}),
        at("pnpm", "12.0.0"),
        "unfrozen switched-off",
    ),
    ("npm install x", Environment({"npm_config_global": "true"}), LOCKED, "benign global"),
    ("npm install", Environment({"npm_config_dry_run": "true"}), LOCKED, "benign dry-run"),
    (
        "npm install",
        Environment({"NPM_CONFIG_PACKAGE_LOCK": "false"}),
        LOCKED,
        "unfrozen lockfile-off",
    ),
    (
        "npm install",
        CI,
        Facts(known=True, locked=LOCKED.locked, lockfile_off=frozenset({"npm"})),
        "unfrozen lockfile-off",
    ),
    (
        "yarn",
        CI,
        Facts(known=True, locked=LOCKED.locked, frozen={"yarn": True}),
        "frozen frozen",
    ),
    (
        "bun install",
        CI,
        Facts(known=True, locked=LOCKED.locked, frozen={"bun": True}),
        "frozen frozen",
    ),
    (
        "pnpm install",
        NOWHERE,
        Facts(known=True, locked=LOCKED.locked, frozen={"pnpm": True}),
        "frozen frozen",
    ),
]


@pytest.mark.parametrize(("line", "environment", "facts", "expected"), BY_CIRCUMSTANCE)
def test_environment_version_and_settings_decide(
    line: str, environment: Environment, facts: Facts, expected: str
) -> None:
    assert verdict(line, environment, facts) == expected


MARKS = """
    CONTINUOUS_INTEGRATION BUILD_ID BUILD_NUMBER GITHUB_ACTIONS GITLAB_CI TF_BUILD
    TEAMCITY_VERSION BUILDER_OUTPUT CODEBUILD_BUILD_ARN DRONE VERCEL NETLIFY BUILDKITE
    BITBUCKET_COMMIT
"""


@pytest.mark.parametrize("name", MARKS.split())
def test_a_variable_of_a_ci_system_is_enough(name: str) -> None:
    assert verdict("pnpm install", Environment({name: "1"})) == "frozen frozen"


REMEDIES = [
    ("npm install", "npm ci"),
    ("npm i --legacy-peer-deps", "npm ci --legacy-peer-deps"),
    ("npm --prefix web install --no-save", "npm --prefix web ci"),
    ("npm install-test", "npm install-ci-test"),
    ("yarn", "yarn install --frozen-lockfile"),
    ("yarn --no-immutable", "yarn install --immutable"),
    ("pnpm install --no-frozen-lockfile", "pnpm install --frozen-lockfile"),
    ("bun install", "bun install --frozen-lockfile"),
]


@pytest.mark.parametrize(("line", "remedy"), REMEDIES)
def test_each_message_names_the_command_to_write_instead(line: str, remedy: str) -> None:
    found = managers.judge(shlex.split(line), CI, LOCKED)

    assert found.remedy == (remedy,)
    assert verdict(remedy).startswith("frozen")


TRAVIS = [
    (["travis", "install"], LOCKED, "frozen"),
    (["travis", "install"], UNLOCKED, "unfrozen"),
    (["travis", "install"], Facts(known=True, locked=frozenset({"pnpm"})), "unfrozen"),
    (["travis", "install", "--no-ci"], Facts(known=True, locked=frozenset({"npm"})), "unfrozen"),
    (["travis", "install", "--no-ci"], Facts(known=True, locked=frozenset({"yarn"})), "frozen"),
    (["travis", "install"], Facts(), "frozen"),
]


@pytest.mark.parametrize(("argv", "facts", "kind"), TRAVIS)
def test_what_travis_installs_by_itself(argv: list[str], facts: Facts, kind: str) -> None:
    assert managers.judge(argv, CI, facts).kind == kind
