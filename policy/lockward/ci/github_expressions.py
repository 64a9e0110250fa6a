"""What the expressions of a workflow may stand for, as far as the same file says."""

from __future__ import annotations

import re

from lockward.ci import templates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from lockward.ci.text import Text
    from lockward.ci.yamlnodes import Document, Node

MOST_VALUES: Final = 8  # of one expression
_DEEPEST: Final = 3  # env -> inputs -> a literal
_OUTPUT: Final = re.compile(
    r"""(?:::set-output\ name=([\w-]{1,80})::([^"'\n]{0,200})
      |([\w-]{1,80})=([^"'\n>]{0,200})["']?\s{0,8}>>\s{0,8}["']?\$\{?GITHUB_OUTPUT)""",
    re.VERBOSE,
)
_ENVIRONMENT: Final = re.compile(
    r"""([A-Za-z_]\w{0,80})=([^"'\n>]{0,200})["']?\s{0,8}>>\s{0,8}["']?\$(?:\{|env:)?GITHUB_ENV"""
)
_MATRIX_OWN: Final = frozenset({"include", "exclude"})


class Lookup:
    """The values that contexts (env, inputs, matrix, steps) have at one level of a workflow.

    Levels are nested: step in job in workflow; an inner name hides an outer one.
    """

    def __init__(
        self, document: Document, outer: Lookup | None = None, node: Node | None = None
    ) -> None:
        self.document: Final = document
        self.outer: Final = outer
        self.values: Final[dict[str, list[Text]]] = {}
        self._depth = 0
        if outer is None:
            self._take_inputs(document.root)
        self._take_env(document.root if outer is None else node)
        self._take_matrix(document.get(node, "strategy", "matrix"))
        self._take_outputs(document.get(node, "steps"))

    def __call__(self, expression: Text) -> Sequence[Text]:
        """The texts that an expression may stand for; () when the file does not say."""
        if self._depth >= _DEEPEST:
            return ()
        self._depth += 1
        found: list[Text] = []
        for operand in _operands(expression):
            found += self._resolved(operand)
        self._depth -= 1
        return found[:MOST_VALUES]

    def environment(self) -> dict[str, tuple[Text, ...]]:
        """Every variable of ``env`` that can be told, as a shell sees it."""
        found = {} if self.outer is None else self.outer.environment()
        for name, texts in self.values.items():
            if name.startswith("env."):
                found[name[4:]] = tuple(self._expanded(texts))
        return found

    def _resolved(self, operand: Text) -> list[Text]:
        value = operand.value
        if value[:1] == "'" and value[-1:] == "'" and len(value) > 1:
            return [operand.piece(1, len(value) - 1)]
        name = value.replace("['", ".").replace("']", "").removeprefix("github.event.")
        return self._expanded(self.find(name))

    def find(self, name: str) -> list[Text]:
        """The values of a name at this level, or at the nearest one outside."""
        level: Lookup | None = self
        while level is not None:
            if name in level.values:
                return level.values[name]
            level = level.outer
        return []

    def _expanded(self, texts: Sequence[Text]) -> list[Text]:
        """Values with the templates in them replaced."""
        found: list[Text] = []
        for text in texts[:MOST_VALUES]:
            found += templates.worlds(text, "${{", "}}", self)
        return found[:MOST_VALUES]

    # What is taken in

    def _add(self, name: str, node: Node | None) -> None:
        text = self.document.text(node)
        values = self.values.setdefault(name, [])
        if text is not None and len(values) < MOST_VALUES:
            values.append(text)

    def _take_inputs(self, root: Node | None) -> None:
        document = self.document
        events = document.pairs(document.get(root, "on"))
        groups = [document.get(event, "inputs") for _, event in events]
        for group in (*groups, document.get(root, "inputs")):
            for name, declared in document.pairs(group):
                if document.get(declared, "default") is not None:
                    self._add(f"inputs.{name}", document.get(declared, "default"))
                for option in document.items(document.get(declared, "options")):
                    self._add(f"inputs.{name}", option)

    def _take_env(self, node: Node | None) -> None:
        for name, value in self.document.pairs(self.document.get(node, "env")):
            self._add(f"env.{name}", value)

    def _take_matrix(self, matrix: Node | None) -> None:
        document = self.document
        for name, values in document.pairs(matrix):
            for value in document.items(values):
                if name in _MATRIX_OWN:
                    if name == "include":
                        self._take_value("matrix", value)
                else:
                    self._take_value(f"matrix.{name}", value)

    def _take_value(self, name: str, value: Node) -> None:
        if value.id == "scalar":
            self._add(name, value)
        for key, inner in self.document.pairs(value):
            if inner.id == "scalar":
                self._add(f"{name}.{key}", inner)

    def _take_outputs(self, steps: Node | None) -> None:
        """``echo "command=ci" >> $GITHUB_OUTPUT`` of a step with an id."""
        for step in self.document.items(steps):
            step_id = self.document.string(self.document.get(step, "id"))
            run = self.document.get(step, "run")
            if not step_id or "utput" not in self.document.string(run).lower():
                continue
            text = self.document.text(run)
            if text is not None:
                for name, value in _written(text, _OUTPUT):
                    values = self.values.setdefault(f"steps.{step_id}.outputs.{name}", [])
                    if len(values) < MOST_VALUES:
                        values.append(value)


def exported(text: Text) -> dict[str, str]:
    """The variables that a script hands to the steps after it, through GITHUB_ENV."""
    if "GITHUB_ENV" not in text.value:
        return {}
    return {name: value.value.strip() for name, value in _written(text, _ENVIRONMENT)}


def _written(text: Text, pattern: re.Pattern[str]) -> Iterator[tuple[str, Text]]:
    for match in pattern.finditer(text.value):
        name, value = [index for index in range(1, pattern.groups + 1) if match[index] is not None]
        yield match[name], text.piece(match.start(value), match.end(value)).strip()


def _operands(expression: Text) -> Iterator[Text]:
    """The parts of ``a && 'x' || 'y'`` that can be its value."""
    for start, end in _cut(expression.value, "||"):
        part = expression.piece(start, end)
        last = _cut(part.value, "&&")[-1]
        operand = part.piece(*last).strip()
        if "==" not in operand.value and "!=" not in operand.value:
            yield operand


def _cut(value: str, separator: str) -> list[tuple[int, int]]:
    found = []
    start = 0
    while (end := value.find(separator, start)) >= 0:
        found.append((start, end))
        start = end + len(separator)
    found.append((start, len(value)))
    return found
