"""YAML with PyYAML's grammar and a gate's strictness: one meaning or an error.

Refused with their line: duplicate keys, anchors and aliases, tags, merge keys,
keys that are not scalars, nesting beyond a bound, more than a bounded number of
nodes.  Every scalar is a str, as written.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    import yaml

    from lockward.errors import LockwardError
    from lockward.yamlread import Mapping, Value

DEEPEST: Final = 64
MOST_NODES: Final = 4_000_000


def read(
    path: str, text: str, error: type[LockwardError], *, by_hand: bool = False
) -> list[Mapping]:
    """The documents of a text, each a mapping; raises ``error`` with path and line.

    In a file that people write (``by_hand``) a scalar may have an anchor and be
    repeated by aliases, and nothing at all is an empty mapping.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        last = text.count("\n") + 1
        builder = _Builder(path, error, last, by_hand=by_hand)
        return list(_documents(yaml.parse(text, Loader=loader), builder))
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = min(mark.line, text.count("\n")) + 1 if mark is not None else 1
        raise error(fault.problem or "is not YAML", path=path, line=line) from None
    except yaml.YAMLError as fault:  # a character that YAML forbids
        raise error(f"is not YAML: {str(fault).splitlines()[0]}", path=path, line=1) from None


class _Builder:
    """Puts events together without recursion; refuses what has two meanings."""

    def __init__(self, path: str, error: type[LockwardError], last: int, *, by_hand: bool) -> None:
        self.path: Final = path
        self.error: Final = error
        self.last: Final = last  # line: PyYAML counts one more behind the text
        self.by_hand: Final = by_hand
        self.anchors: Final[dict[str, str]] = {}
        self.open: Final[list[Value]] = []
        self.keys: Final[list[str | None]] = []  # per open collection: the key that waits
        self.nodes = 0
        self.root: Value | None = None

    def refuse(self, message: str, event: yaml.Event) -> LockwardError:
        return self.error(message, path=self.path, line=min(_line(event), self.last))

    def next(self) -> _Builder:
        """The builder of the next document."""
        return _Builder(self.path, self.error, self.last, by_hand=self.by_hand)

    def mapping(self, event: yaml.Event) -> Mapping:
        """The document that is complete."""
        if self.by_hand and self.root == "":
            return {}
        if not isinstance(self.root, dict):
            raise self.refuse("is not a mapping", event)
        return self.root

    def anchored(self, event: yaml.NodeEvent) -> None:
        """An alias of a scalar stands for it; any other anchor or alias is refused."""
        from yaml import events as kinds

        if self.by_hand and isinstance(event, kinds.ScalarEvent):
            return
        if self.by_hand and isinstance(event, kinds.AliasEvent) and event.anchor in self.anchors:
            self.begin(event, self.anchors[event.anchor])
            return
        raise self.refuse("has an anchor or an alias", event)

    def begin(self, event: yaml.Event, value: Value) -> None:
        """A node starts: put it into its parent."""
        self.nodes += 1
        if self.nodes > MOST_NODES or len(self.open) >= DEEPEST:
            raise self.refuse("holds too many or too deeply nested values", event)
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif isinstance(parent, dict):
            self._into_mapping(event, parent, value)

    def _into_mapping(self, event: yaml.Event, parent: Mapping, value: Value) -> None:
        key = self.keys[-1]
        if key is not None:
            parent[key] = value
            self.keys[-1] = None
        elif not isinstance(value, str):
            raise self.refuse("has a key that is not a plain text", event)
        elif value in parent:
            raise self.refuse(f'"{value}" is there twice', event)
        elif value == "<<":
            raise self.refuse("has a merge key", event)
        else:
            self.keys[-1] = value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _documents(events: Iterator[yaml.Event], builder: _Builder) -> Iterator[Mapping]:
    from yaml import events as kinds

    for event in events:
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None):
            builder.anchored(event)  # type: ignore[arg-type]  # both kinds are nodes
        if isinstance(event, kinds.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise builder.refuse("has a tag", event)
        if isinstance(event, kinds.ScalarEvent):
            builder.begin(event, event.value)
            if event.anchor is not None:
                builder.anchors[event.anchor] = event.value
        elif isinstance(event, kinds.CollectionStartEvent):
            value: Value = {} if isinstance(event, kinds.MappingStartEvent) else []
            builder.begin(event, value)
            builder.open.append(value)
            builder.keys.append(None)
        elif isinstance(event, kinds.CollectionEndEvent):
            builder.open.pop()
            builder.keys.pop()
        elif isinstance(event, kinds.DocumentEndEvent):
            yield builder.mapping(event)
            builder = builder.next()
