"""Foreign text in HTML: escaped once, with its invisible characters made visible."""

from __future__ import annotations

from html import escape as entities
from json import dumps

from lockward.reports.escape import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def h(text: str) -> str:
    """Text for an element or a quoted attribute."""
    return entities(escape(text), quote=True)


def bdi(text: str) -> str:
    """A foreign name, which must not turn the writing direction of what follows."""
    return f"<bdi>{h(text)}</bdi>"


def block(value: Mapping[str, object]) -> str:
    """JSON for a data block: nothing in it can end the block or begin a comment."""
    text = dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
