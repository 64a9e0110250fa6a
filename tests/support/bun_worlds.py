"""Projects for bun, and a registry that holds what they may come to require."""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]
World = dict[str, Json]  # path of each package.json -> what it holds

PACKAGES: Final[dict[str, dict[str, Json]]] = {
    "a": {
        "1.0.0": {"dependencies": {"b": "^1.0.0"}},
        "1.1.0": {"dependencies": {"b": "^1.0.0"}},
        "2.0.0": {},
    },
    "b": {"1.0.0": {}, "1.2.0": {}, "2.0.0": {}},
    "d": {"1.0.0": {}, "1.1.0": {}},
    "@s/c": {"1.0.0": {"peerDependencies": {"b": "^1.0.0"}}},
    "top": {"1.0.0": {"dependencies": {"n": "^1.0.0"}}},
    "n": {"1.0.0": {}, "1.5.0": {}, "2.0.0": {}},
    "plat": {"1.0.0": {"optionalDependencies": {"plat-win": "1.0.0"}}},
    "plat-win": {"1.0.0": {"os": ["win32", "aix"]}},
    "pp": {"1.0.0": {"peerDependencies": {"n": ">=1"}}},
    "op": {
        "1.0.0": {
            "peerDependencies": {"d": "1"},
            "peerDependenciesMeta": {"d": {"optional": True}},
        }
    },
    "scr": {"1.0.0": {"scripts": {"postinstall": "exit 1"}}},
    "extra": {"1.0.0": {"dependencies": {"d": "1"}}},
}

WORLDS: Final[dict[str, World]] = {
    "single": {
        "package.json": {
            "name": "app",
            "version": "1.0.0",
            "dependencies": {"a": "^1.0.0", "top": "1", "n": "2", "al": "npm:b@2"},
            "devDependencies": {"@s/c": "1.0.0", "scr": "1"},
            "optionalDependencies": {"plat": "1"},
            "peerDependencies": {"d": "1"},
            "trustedDependencies": ["scr"],
        }
    },
    "directives": {
        "package.json": {
            "name": "app",
            "workspaces": {
                "packages": [],
                "catalog": {"d": "^1.0.0", "n": "1"},
                "catalogs": {"two": {"n": "2"}},
            },
            "dependencies": {"a": "1", "d": "catalog:", "n": "catalog:two", "op": "1"},
            "overrides": {"b": "1.0.0", "n": "2.0.0"},
        }
    },
    "workspaces": {
        "package.json": {
            "name": "app",
            "workspaces": ["packages/*"],
            "dependencies": {"a": "^1.0.0", "w": "workspace:*"},
            "devDependencies": {"fold": "file:./fold"},
        },
        "packages/w/package.json": {
            "name": "w",
            "version": "1.2.0",
            "dependencies": {"a": "2", "v": "^1.0.0", "pp": "1"},
        },
        "packages/v/package.json": {
            "name": "v",
            "version": "1.0.0",
            "dependencies": {"n": "1", "b": "*"},
            "peerDependencies": {"d": "*"},
        },
        "fold/package.json": {"name": "fold", "version": "1.0.0"},
    },
}
