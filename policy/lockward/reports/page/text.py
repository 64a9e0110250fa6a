"""Foreign text in HTML: escaped once, with its invisible characters made visible."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape as entities
from importlib.resources import files
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


def asset(name: str) -> str:
    """One of the page's own files."""
    return files("lockward.reports.page").joinpath(name).read_text(encoding="utf-8")


def allowed(text: str) -> str:
    """A source of a content security policy that is this text and no other."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def style_policy(style: str) -> str:
    """The content security policy of a page without script."""
    return f"default-src 'none'; style-src {allowed(style)}; base-uri 'none'; form-action 'none'"
