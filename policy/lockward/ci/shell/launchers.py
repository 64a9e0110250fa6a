"""Programs that fetch and run a package: npx, npm exec, pnpm dlx, yarn dlx, bunx, corepack.

What they fetch is another rule's matter; but the package may be a manager.
"""

from __future__ import annotations

from lockward.ci.names import base_of, tool_of
from lockward.ci.shell.options import Shape, cut
from lockward.ci.shell.wrappers import Run, Script, shell_context

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from lockward.ci.text import Text

    Words = Sequence[Text]

_NPX: Final = Shape(
    "-p -w --package --workspace --cache --userconfig --registry --prefix --node-arg --shell",
    script="-c --call",
)
_PNPM_GLOBAL: Final = Shape("-C -F --dir --filter --reporter --loglevel --workspace-concurrency")
_PNPM_RUN: Final = Shape("--package --allow-build --reporter", script="")
_YARN_DLX: Final = Shape("-p --package")
_YARN_GLOBAL: Final = Shape("--cwd --modules-folder --cache-folder --use-yarnrc --mutex")
_BUN: Final = Shape("-p --package --cwd")
_NOTHING: Final = Shape()


def inner(run: Run) -> Iterator[Run | Script]:
    """The command that a launcher runs; nothing for an ordinary manager's command."""
    name = base_of(run.words[0].value)
    words = run.words[1:]
    if name == "corepack":
        yield Run(cut(words, _NOTHING).rest, run.context)
    elif name == "npx":
        yield from _started(run, words, _NPX)
    elif name in ("pnpx", "pnx"):
        yield from _started(run, words, _PNPM_RUN)
    elif name == "bunx":
        yield from _started(run, words, _BUN)
    else:
        yield from _by_subcommand(run, tool_of(run.words[0].value, run.context.shell))


def _by_subcommand(run: Run, tool: str) -> Iterator[Run | Script]:
    manager = tool.partition("@")[0]
    row = _SUBCOMMANDS.get(manager)
    if row is None:
        return
    options, verbs = row
    found = cut(run.words[1:], options)
    if found.rest and found.rest[0].value in verbs:
        yield from _started(run, found.rest[1:], verbs[found.rest[0].value])


def _started(run: Run, words: Words, shape: Shape) -> Iterator[Run | Script]:
    found = cut(words, shape)
    for text in found.scripts:
        yield Script(text, shell_context(run.context))
    if found.rest:
        yield Run(found.rest, run.context)


# Manager -> its options that take a value, and the verbs that run a command with theirs.
_SUBCOMMANDS: Final[dict[str, tuple[Shape, dict[str, Shape]]]] = {
    "npm": (_NPX, {"exec": _NPX, "x": _NPX, "exe": _NPX}),
    "pnpm": (_PNPM_GLOBAL, {"dlx": _PNPM_RUN, "exec": _PNPM_RUN}),
    "yarn": (_YARN_GLOBAL, {"dlx": _YARN_DLX, "exec": _NOTHING}),
    "bun": (_BUN, {"x": _BUN}),
}
