"""What the YAML of most CI systems has in common: scripts as lists, variables in many spellings."""

from __future__ import annotations

from lockward.ci.command import Context
from lockward.ci.text import joined
from lockward.ci.yamlnodes import documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from lockward.ci.command import Environment
    from lockward.ci.reading import Reading
    from lockward.ci.text import Text
    from lockward.ci.yamlnodes import Document, Node

_DEEPEST: Final = 24  # mappings inside mappings
_NAME_KEYS: Final = ("name", "key")


def read_documents(
    reading: Reading, environment: Environment, walk: Callable[[Document], None]
) -> None:
    """Walk each YAML document of a file; read it line by line where it does not parse."""
    for document in documents(reading.source, reading):
        walk(document)
        document.check(reading)
    reading.lines_if_faulty(Context("bash", environment, None))


def program(document: Document, *nodes: Node | None) -> Text | None:
    """Scripts and lists of scripts as one program, an item a line: one shell runs them all."""
    texts = [
        text
        for node in nodes
        for item in document.flat(node)
        if (text := document.text(item)) is not None
    ]
    return joined(texts, "\n") if texts else None


def variables(document: Document, node: Node | None) -> dict[str, Text]:
    """Variables: a mapping, or a list of ``{name: A, value: b}``, ``{A: b}`` or ``"A=b C=d"``."""
    found: dict[str, Text] = {}
    for name, value in document.pairs(node):
        text = document.text(value) or document.text(document.get(value, "value"))
        if text is not None:
            found[name] = text
    for item in document.items(node):
        found.update(_listed(document, item))
    text = document.text(node)
    if text is not None:
        found.update(assignments(text))
    return found


def _listed(document: Document, item: Node) -> dict[str, Text]:
    name = next((n for key in _NAME_KEYS if (n := document.string(document.get(item, key)))), "")
    value = document.text(document.get(item, "value"))
    if name and value is not None:
        return {name: value}
    return variables(document, item) if item.id != "sequence" else {}


def assignments(text: Text) -> dict[str, Text]:
    """``A=b "C=d e" F="g h"``: words cut at blanks outside quotes."""
    from lockward.ci.docker import quoted_words

    found = {}
    for word in quoted_words(text):
        name, equals, _ = word.value.partition("=")
        if equals and name.replace("_", "a").isalnum():
            found[name] = word.piece(len(name) + 1, len(word.value))
    return found


def mappings(document: Document, root: Node | None) -> Iterator[Node]:
    """Every mapping below a node, outer ones first, in the order of the file."""
    pending = [] if root is None else [(root, 0)]
    while pending:
        node, depth = pending.pop()
        if node.id == "mapping":
            yield node
        if depth < _DEEPEST:
            inner = [value for _, value in document.pairs(node)] + document.items(node)
            pending.extend((child, depth + 1) for child in reversed(inner))


def plain(text: Text) -> Text:
    """The text after one round of interpolation: ``$$NAME`` is ``$NAME``."""
    pieces = []
    start = 0
    place = text.value.find("$$")
    while place >= 0:
        pieces.append(text.piece(start, place + 1))
        start = place + 2
        place = text.value.find("$$", start)
    if not pieces:
        return text
    return joined((*pieces, text.piece(start, len(text.value))), "")
