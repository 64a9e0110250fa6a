"""What holds while a bash script runs: exported variables, the folder, the script's own names."""

from __future__ import annotations

from lockward.ci.command import Context
from lockward.ci.shell.words import LONGEST, Words
from lockward.ci.text import ARGUMENTS, UNKNOWN, Builder, Text
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    from tree_sitter import Node

    from lockward.ci.command import Environment

MOST_VALUES: Final = 8  # of one variable
_MOST_NODES: Final = 400_000
_MOST_PIECES: Final = 256  # of the file in one value


class Scope:
    """The environment and the folder at one point of a script."""

    __slots__ = ("_folders", "directory", "environment")

    def __init__(
        self, environment: Environment, directory: str | None, folders: Sequence[str | None] = ()
    ) -> None:
        self.environment = environment
        self.directory = directory
        self._folders = list(folders)

    def copy(self) -> Scope:
        """What a process of its own starts with."""
        return Scope(self.environment, self.directory, self._folders)

    def context(self, outer: Context, assigned: Mapping[str, str]) -> Context:
        """The circumstances of a command that stands behind ``NAME=value`` words."""
        return Context(
            outer.shell, self.environment.having(assigned), self.directory, outer.variables
        )

    def assign(self, name: str, value: str, *, exported: bool) -> None:
        """``export NAME=value``; a plain assignment counts when NAME is exported already."""
        if exported or self.environment.get(name) is not None:
            self.environment = self.environment.having({name: value})

    def unset(self, name: str) -> None:
        """``unset NAME``."""
        self.environment = self.environment.without(name)

    def change_directory(self, words: list[Text]) -> None:
        """``cd folder``: what cannot be told here is None."""
        operands = [word.value for word in words[1:] if word.value not in ("-P", "-L", "--")]
        self.directory = moved(self.directory, operands[0] if operands else UNKNOWN)

    def push_directory(self, words: list[Text]) -> None:
        """``pushd folder``."""
        self._folders = [*self._folders[-16:], self.directory]
        self.change_directory(words)

    def pop_directory(self, words: list[Text]) -> None:
        """``popd``."""
        del words
        self.directory = self._folders.pop() if self._folders else None


def moved(directory: str | None, target: str) -> str | None:
    """Where a relative path leads; None when that cannot be told or is outside."""
    if directory is None or not target or target[0] in "-~" or UNKNOWN in target:
        return None
    return None if ARGUMENTS in target else resolve(directory, target)


class Collected:
    """A script's own names: what its variables may hold, and functions that run their arguments."""

    __slots__ = ("assigned", "runners", "values")

    def __init__(
        self, values: dict[str, list[Text]], assigned: list[Text], runners: frozenset[str]
    ) -> None:
        self.values: Final = values
        self.assigned: Final = assigned
        self.runners: Final = runners


def collect(root: Node, text: Text, given: Mapping[str, Sequence[Text]]) -> Collected:
    """Find a script's own names before it is read; ``given`` are the variables it starts with."""
    values = {name: list(texts) for name, texts in given.items()}
    assigned = [value for texts in given.values() for value in texts]
    if "$" not in text.value:
        return Collected(values, assigned, frozenset())
    collector = _Collector(text, values, assigned)
    functions = collector.visit(root)
    runners = frozenset(collector.name_of(node) for node in functions if collector.is_runner(node))
    return Collected(values, assigned, runners)


class _Collector:
    def __init__(self, text: Text, values: dict[str, list[Text]], assigned: list[Text]) -> None:
        self.text: Final = text
        self.values: Final = values
        self.assigned: Final = assigned
        self.words: Final = Words(text, values)

    def visit(self, root: Node) -> list[Node]:
        """Take in every assignment, in the order of the text; the functions that are defined."""
        functions = []
        pending = [root]
        steps = 0
        while pending and steps < _MOST_NODES:
            steps += 1
            node = pending.pop()
            kind = node.type
            if kind == "variable_assignment":
                self._assignment(node)
            elif kind == "function_definition":
                functions.append(node)
            elif kind == "for_statement":
                self._loop(node)
            elif kind == "expansion":
                self._default(node)
            children = node.named_children
            if kind == "command":  # NAME=value before a command is no assignment of the script
                children = [child for child in children if child.type != "variable_assignment"]
            pending.extend(reversed(children))
        return functions

    def name_of(self, function: Node) -> str:
        """A function's name."""
        node = function.child_by_field_name("name")
        return "" if node is None else self.text.value[node.start_byte : node.end_byte]

    def is_runner(self, function: Node) -> bool:
        """Whether a function runs its own arguments: ``retry() { "$@" || "$@"; }``."""
        from lockward.ci.shell.wrappers import Run, inner

        pending = [function]
        steps = 0
        while pending and steps < 2_000:  # noqa: PLR2004 - no helper is longer; bounds the work
            steps += 1
            node = pending.pop()
            if node.type == "command":
                words = [field for child in node.named_children for field in self._fields(child)]
                runs: list[Sequence[Text]] = [words]
                if words:
                    runs += [
                        found.words if isinstance(found, Run) else [found.text]
                        for found in inner(Run(words, Context()))
                    ]
                if any(run and run[0].value.startswith(ARGUMENTS) for run in runs):
                    return True
            pending.extend(node.named_children)
        return False

    def _fields(self, node: Node) -> list[Text]:
        if node.type == "variable_assignment" or node.type.endswith("_redirect"):
            return []
        return self.words.fields(node)

    def _assignment(self, node: Node) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return
        self.words.width = 1
        world = 0
        while world < min(self.words.width, MOST_VALUES):
            text = self.words.single(value, world)
            appends = self.text.value[name.end_byte : name.end_byte + 2] == "+="
            spelled = self.text.value[name.start_byte : name.end_byte]
            self._add(spelled, text, appends=appends, array=value.type == "array")
            world += 1

    def _loop(self, node: Node) -> None:
        name = node.child_by_field_name("variable")
        if name is not None:
            spelled = self.text.value[name.start_byte : name.end_byte]
            for value in node.children_by_field_name("value")[:MOST_VALUES]:
                for field in self.words.fields(value):
                    self._add(spelled, field)

    def _default(self, node: Node) -> None:
        """``${NAME:=text}`` assigns."""
        raw = self.text.value[node.start_byte + 2 : node.end_byte - 1]
        name, equals, _ = raw.partition("=")
        if equals and name.removesuffix(":").replace("_", "a").isalnum():
            start = node.start_byte + 3 + len(name)
            text = self.text.piece(start, node.end_byte - 1)
            self._add(name.removesuffix(":"), text)

    def _add(self, name: str, text: Text, *, appends: bool = False, array: bool = False) -> None:
        values = self.values.setdefault(name, [])
        if len(text.value) > LONGEST or len(text.starts) > _MOST_PIECES:
            return
        if len(values) >= MOST_VALUES or text.value == UNKNOWN:
            return
        self.assigned.append(text)
        if appends and values and len(values[-1].value) + len(text.value) < LONGEST:
            builder = Builder()
            builder.append(values[-1])
            builder.add(" " if array else "", text.at())
            builder.append(text)
            values[-1] = builder.text()
        else:
            values.append(text)
