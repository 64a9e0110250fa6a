"""netlify.toml: the build command, also those of contexts.

Reference: the file-based configuration page of Netlify.  ``[dev]`` and
``ignore`` are not builds; what Netlify installs by itself is not read.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.tomlstrings import strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading

_RUNNER: Final = Environment({"CI": "true", "NETLIFY": "true"})


def read(reading: Reading) -> None:
    """Give every build command to the reading."""
    found = list(strings(reading.source.whole()))
    given = {
        table: {key: text for where, key, text in found if where == f"{table}.environment"}
        for table in {where.removesuffix(".environment") for where, _, _ in found}
    }
    base = next((text.value for where, key, text in found if (where, key) == ("build", "base")), "")
    whole = Context("bash", _RUNNER, base.strip("/")).having(given.get("build", {}))
    for where, key, text in found:
        if key == "command" and (where == "build" or where.startswith("context.")):
            own = given.get(where, {}) if where != "build" else {}
            reading.script(text, whole.having(own))
