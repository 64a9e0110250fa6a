"""Bash and its kin, read with tree-sitter's grammar: every simple command, where it stands.

The grammar survives half-commands and templates; where it reports an error the
lines concerned are read once more by lines.py, so that nothing is skipped.
"""

from __future__ import annotations

from lockward.bounds import CI
from lockward.ci.names import base_of
from lockward.ci.reading import FOR_COMMAND
from lockward.ci.shell.options import is_assignment
from lockward.ci.shell.scope import Scope, collect
from lockward.ci.shell.words import LONGEST, Words
from lockward.ci.shell.wrappers import Run, from_first_manager
from lockward.ci.text import ARGUMENTS, QUOTED, UNKNOWN, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from tree_sitter import Node, Parser

    from lockward.ci.command import Context
    from lockward.ci.reading import Reading

MOST_WORLDS: Final = 8
MOST_NODES: Final = 400_000
LARGEST: Final = 2 << 20  # bytes of one script; more is read line by line
MOST_DOCUMENTS: Final = 200  # "<<" of one script: the grammar takes as many steps, squared
_OWN_PROCESS: Final = frozenset({"subshell", "command_substitution", "process_substitution"})
_SKIPPED: Final = frozenset({"comment", "heredoc_start", "heredoc_end", "word", "raw_string"})
_SAYS: Final = frozenset({"echo", "printf", "cat"})
_parser: list[Parser] = []  # made once, when first needed: the import costs 17 ms


def parse(text: str) -> Node:
    """The root of the tree for a script; offsets are those of the (ASCII) text."""
    if not _parser:
        import tree_sitter
        import tree_sitter_bash

        _parser.append(tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language())))
    return _parser[0].parse(text.encode("ascii", "replace")).root_node


def has_grammar() -> bool:
    """Whether tree-sitter is installed; the one-file bundle comes without compiled code."""
    from importlib.util import find_spec

    return find_spec("tree_sitter") is not None and find_spec("tree_sitter_bash") is not None


def read(text: Text, context: Context, reading: Reading, depth: int) -> None:
    """Give every command of a bash text to the reading.

    Without the grammar (the bundle, a platform without compiled wheels) every
    script is read line by line; docs/ci.md says what that costs.
    """
    if not (_parser or has_grammar()):
        reading.lines(text, context)
        return
    if len(text.value) > LARGEST or text.value.count("<<") > MOST_DOCUMENTS:
        reading.fault(text.at(), "shell text is too much for the grammar", local=True)
        reading.lines(text, context)
        return
    _Walk(text, context, reading, depth).run(parse(text.value))


class _Walk:
    """One pass over one script, in the order of its text."""

    def __init__(self, text: Text, context: Context, reading: Reading, depth: int) -> None:
        self.text: Final = text
        self.context: Final = context
        self.reading: Final = reading
        self.depth: Final = depth
        self.values: dict[str, list[Text]] = {}
        self.runners: frozenset[str] = frozenset()
        self.words = Words(text, {})

    def run(self, root: Node) -> None:
        """Read the whole tree."""
        found = collect(root, self.text, self.context.variables)
        self.values, self.runners = found.values, found.runners
        self.words = Words(self.text, self.values)
        for value in found.assigned:
            self.reading.value(value)
        scope = Scope(self.context.environment, self.context.directory)
        pending: list[tuple[Node, Scope, Text | None]] = [(root, scope, None)]
        nodes = 0
        while pending and not self.reading.full:
            node, scope, stdin = pending.pop()
            nodes += 1
            if nodes > MOST_NODES:
                self._again(node)
                return
            pending.extend(self._step(node, scope, stdin))

    def _step(
        self, node: Node, scope: Scope, stdin: Text | None
    ) -> list[tuple[Node, Scope, Text | None]]:
        """Read one node; what to read next, the next last."""
        kind = node.type
        if kind in _SKIPPED:
            return []
        if kind == "command_substitution" and self._backticks(node, scope):
            return []
        if kind == "ERROR" or node.is_missing:
            self._again(node)
        if kind == "command":
            self._command(node, scope, stdin)
        elif kind in ("variable_assignment", "declaration_command", "unset_command"):
            self._assign(node, scope)
        if kind in _OWN_PROCESS or kind == "function_definition":
            scope = scope.copy()
        if kind == "redirected_statement":
            stdin = self._stdin(node) or stdin
        if kind == "pipeline":
            return self._pipeline(node, scope, stdin)
        return [(child, scope, stdin) for child in reversed(node.named_children)]

    def _backticks(self, node: Node, scope: Scope) -> bool:
        """Read ``a` `b`` piece by piece: the grammar takes two substitutions for one."""
        inside = self.text.piece(node.start_byte + 1, node.end_byte - 1)
        if self.text.value[node.start_byte] != "`" or "`" not in inside.value.replace("\\`", ""):
            return False
        start = 0
        for number, part in enumerate(inside.value.split("`")):
            if number % 2 == 0:  # the parts between are outside
                piece = inside.piece(start, start + len(part))
                self.reading.script(piece, scope.context(self.context, {}), self.depth + 1)
            start += len(part) + 1
        return True

    def _again(self, node: Node) -> None:
        """Read the lines of a stretch that the grammar could not make sense of."""
        start = self.text.value.rfind("\n", 0, node.start_byte) + 1
        end = self.text.value.find("\n", node.end_byte)
        stretch = self.text.piece(start, end if end >= 0 else len(self.text.value))
        self.reading.lines(stretch, self.context)

    # Commands

    def _command(self, node: Node, scope: Scope, stdin: Text | None) -> None:
        herestring = self._herestring(node)
        stdin = stdin if herestring is None else herestring
        self.words.width = 1
        world = 0
        while world < min(self.words.width, MOST_WORLDS):
            CI.spend(FOR_COMMAND)
            words = self._argv(node, world)
            assigned = self._assigned(node, world)
            if words and words[0].value in _KEYWORDS:
                words = _behind_keywords(words, assigned)
            if words:
                seam = self.text.at(node.named_children[0].end_byte)
                self._run(words, scope.context(self.context, assigned), scope, stdin, seam)
            world += 1

    def _argv(self, node: Node, world: int) -> list[Text]:
        words: list[Text] = []
        total = end = 0
        for child in node.named_children:
            if child.type == "variable_assignment" or child.type.endswith("_redirect"):
                continue
            found = self.words.fields(child, world)
            if child.type == "string" and [word.value for word in found] == [UNKNOWN]:
                found = [Text(UNKNOWN + QUOTED, (0,), (found[0].at(),))]
            total += sum(len(word.value) for word in found)
            if total > LONGEST * 64 or len(words) > LONGEST:
                break
            between = self.text.value[end : child.start_byte]
            if words and found and not between.replace("\\\n", ""):  # np\<newline>m is one word
                found[0] = joined((words.pop(), found[0]), "")
            words += found
            end = child.end_byte
        return words

    def _run(
        self, words: list[Text], context: Context, scope: Scope, stdin: Text | None, seam: int
    ) -> None:
        name = words[0].value
        builtin = _BUILTINS.get(name)
        if builtin is not None:
            builtin(scope, words)
        if name in self.runners:
            for inner in from_first_manager(Run(words, context)):
                if isinstance(inner, Run):
                    self.reading.argv(inner.words, inner.context, self.depth + 1)
                else:
                    self.reading.script(inner.text, inner.context, self.depth + 1)
        elif not name.startswith(ARGUMENTS):
            self.reading.argv(words, context, self.depth, stdin, seam)

    def _assign(self, node: Node, scope: Scope) -> None:
        if node.type == "unset_command":
            for child in node.named_children:
                scope.unset(self.text.value[child.start_byte : child.end_byte])
            return
        exported = node.type == "declaration_command" and self.text.value.startswith(
            ("export", "declare -x", "typeset -x"), node.start_byte
        )
        for name, value in self._assigned(node, 0).items():
            scope.assign(name, value, exported=exported)

    def _assigned(self, node: Node, world: int) -> dict[str, str]:
        """The names that a node assigns, with their values."""
        found = {}
        for child in (node, *node.named_children):
            if child.type == "variable_assignment":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None:
                    spelled = self.text.value[name.start_byte : name.end_byte]
                    found[spelled] = "" if value is None else self.words.single(value, world).value
        return found

    # What is fed to a command

    def _stdin(self, node: Node) -> Text | None:
        """The heredoc of a redirected statement."""
        for child in node.named_children:
            if child.type == "heredoc_redirect":
                for inner in child.named_children:
                    if inner.type == "heredoc_body":
                        return self.text.piece(inner.start_byte, inner.end_byte)
            elif child.type == "herestring_redirect" and child.named_children:
                return self.words.single(child.named_children[0])
        return None

    def _herestring(self, node: Node) -> Text | None:
        for child in node.named_children:
            if child.type == "herestring_redirect" and child.named_children:
                return self.words.single(child.named_children[0])
        return None

    def _pipeline(
        self, node: Node, scope: Scope, stdin: Text | None
    ) -> list[tuple[Node, Scope, Text | None]]:
        """``echo text | bash``, ``cat <<EOF | ssh host``: what the first one says is fed on."""
        pending = []
        for child in node.named_children:
            pending.append((child, scope.copy(), stdin))
            stdin = self._says(child, stdin)
        return pending[::-1]

    def _says(self, node: Node, stdin: Text | None) -> Text | None:
        if node.type == "redirected_statement":
            stdin = self._stdin(node) or stdin
            node = node.named_children[0]
        if node.type != "command":
            return None
        words = self._argv(node, 0)
        name = base_of(words[0].value) if words else ""
        if name not in _SAYS and name not in ("tee", "envsubst", "sed"):
            return None
        if name in ("echo", "printf"):
            return joined(word for word in words[1:] if word.value[:1] not in ("-", "%"))
        return stdin


def _behind_keywords(words: list[Text], assigned: dict[str, str]) -> list[Text]:
    """The command behind ``while`` or ``{``: after ``!`` the grammar takes these for names.

    ``NAME=value`` words behind a keyword are added to ``assigned``.
    """
    while words and words[0].value in _KEYWORDS:
        words = words[1:]
        while words and is_assignment(words[0].value):
            name, _, value = words[0].value.partition("=")
            assigned[name] = value
            words = words[1:]
    return words


# Reserved words; a command of such a name is one that the grammar did not see through.
_KEYWORDS: Final = frozenset({"{", "}", "while", "until", "if", "elif", "else", "then", "do", "!"})
_BUILTINS: Final[dict[str, Callable[[Scope, list[Text]], None]]] = {
    "cd": Scope.change_directory,
    "pushd": Scope.push_directory,
    "popd": Scope.pop_directory,
}
