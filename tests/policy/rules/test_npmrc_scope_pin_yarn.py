"""npmrc-scope-pin in projects of Yarn: the files that each reads, mended in its own way."""

from __future__ import annotations

import json

import pytest

from lockward.policy import Policy
from lockward.rules import npmrc_scope_pin
from tests.support import npm

URL = "https://npm.acme.test/"
POLICY = Policy(registries={"@acme": URL})
APP = {"name": "app", "dependencies": {"@acme/ui": "^1.0.0"}}
CLASSIC = "yarn@1.22.22"
BERRY = "yarn@4.9.1"


def told(manager: str, files: dict[str, str | bytes]) -> list[tuple[str, tuple[str, ...]]]:
    manifest = json.dumps({**APP, "packageManager": manager})
    judged = npm.project({"package.json": manifest, **files})
    return [(finding.message, finding.remedy) for finding in npmrc_scope_pin.check(judged, POLICY)]


@pytest.mark.parametrize(
    ("manager", "files", "words", "remedy"),
    [
        pytest.param(
            CLASSIC,
            {},
            "@acme: in use, but .npmrc does not say where it lives",
            f"echo @acme:registry={URL} >>.npmrc; git add .npmrc",
            id="Yarn 1 without a pin",
        ),
        pytest.param(
            CLASSIC,
            {".yarnrc": '"@acme:registry" "http://npm.acme.test/"\n'},
            "its pin is not https",
            f"echo @acme:registry={URL} >>.npmrc; git add .npmrc",
            id="Yarn 1 with a pin over http: .npmrc is asked first",
        ),
        pytest.param(
            BERRY,
            {},
            "@acme: in use, but .yarnrc.yml does not say where it lives",
            f"yarn config set npmScopes.acme.npmRegistryServer {URL}; git add .yarnrc.yml",
            id="Berry without a pin",
        ),
        pytest.param(
            BERRY,
            {".npmrc": f"@acme:registry={URL}\n"},
            "(Yarn does not read .npmrc)",
            f"yarn config set npmScopes.acme.npmRegistryServer {URL}; git add .yarnrc.yml",
            id="Berry with a pin in .npmrc",
        ),
        pytest.param(
            BERRY,
            {".yarnrc.yml": f'npmScopes:\n  "@acme":\n    npmRegistryServer: "{URL}"\n'},
            "(line 3 of .yarnrc.yml writes @acme, Yarn wants acme)",
            f"yarn config set npmScopes.acme.npmRegistryServer {URL}; git add .yarnrc.yml",
            id="Berry with the @",
        ),
        pytest.param(
            BERRY,
            {".yarnrc.yml": 'npmScopes:\n  acme:\n    npmRegistryServer: "${R}"\n'},
            "its pin depends on the environment",
            f"yarn config set npmScopes.acme.npmRegistryServer {URL}; git add .yarnrc.yml",
            id="Berry with the environment's",
        ),
    ],
)
def test_it_refuses(manager: str, files: dict[str, str | bytes], words: str, remedy: str) -> None:
    [(message, commands)] = told(manager, files)

    assert words in message
    assert commands == (remedy,)


@pytest.mark.parametrize(
    ("manager", "files"),
    [
        pytest.param(CLASSIC, {".npmrc": f"@acme:registry={URL}\n"}, id="Yarn 1 and .npmrc"),
        pytest.param(CLASSIC, {".yarnrc": f'"@acme:registry" "{URL}"\n'}, id="Yarn 1 and .yarnrc"),
        pytest.param(
            BERRY,
            {".yarnrc.yml": f"npmScopes:\n  acme:\n    npmRegistryServer: {URL}\n"},
            id="Berry and .yarnrc.yml",
        ),
    ],
)
def test_it_passes(manager: str, files: dict[str, str | bytes]) -> None:
    assert told(manager, files) == []
