"""GitLab CI: the scripts of every job, with what it inherits.

Reference: the `.gitlab-ci.yml` keyword page of GitLab's documentation.  All
items of ``before_script`` and ``script`` are one shell program; ``after_script``
is another one.  ``extends``, ``default`` and ``!reference`` are followed inside
the file; what other files hold is read where it stands.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.text import joined
from lockward.ci.yamlsteps import program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.text import Text
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "GITLAB_CI": "true"})
# Keys at the top that are no job.
_GLOBAL: Final = frozenset(
    ("default", "image", "services", "stages", "types", "cache", "variables", "include", "workflow")
)
_TOP_SCRIPTS: Final = ("before_script", "after_script")
_DEEPEST: Final = 11  # levels of extends that GitLab follows
_MOST_JOBS: Final = 2_000


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    read_documents(reading, _RUNNER, lambda document: _Pipeline(document, reading).run())


class _Pipeline:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading
        self.default: Final = document.get(document.root, "default")
        self.context: Final = Context("bash", _RUNNER, "").having(
            variables(document, document.get(document.root, "variables"))
        )
        self.top: Final = dict(document.pairs(document.root))

    def run(self) -> None:
        """Read the jobs, hidden ones too: another file may extend them."""
        for name, node in list(self.top.items())[:_MOST_JOBS]:
            if node.id == "mapping" and name not in _GLOBAL:
                self._job(node)
        for key in _TOP_SCRIPTS:  # jobs have them from here, or nobody has
            self._script(self.context, self._inherited(key))

    def _inherited(self, key: str) -> Node | None:
        found = self.document.get(self.default, key)
        return self.top.get(key) if found is None else found

    def _job(self, job: Node) -> None:
        chain = self._chain(job)
        context = self.context
        for level in reversed(chain):
            context = context.having(
                variables(self.document, self.document.get(level, "variables"))
            )
        before = self._of(chain, "before_script")
        before = self._inherited("before_script") if before is None else before
        after = self._of(chain, "after_script")
        self._script(context, self._of(chain, "hooks", "pre_get_sources_script"))
        self._script(context, before, self._of(chain, "script"))
        self._script(context, self._inherited("after_script") if after is None else after)
        for step in self.document.items(self._of(chain, "run")):
            self._script(context, self.document.get(step, "script"))

    def _of(self, chain: list[Node], *path: str) -> Node | None:
        """The nearest value of a key: the job's own, or of what it extends."""
        for level in chain:
            found = self.document.get(level, *path)
            if found is not None:
                return found
        return None

    def _chain(self, job: Node) -> list[Node]:
        """The job, then what it extends: the last one named is the nearest."""
        chain = [job]
        pending = [job]
        while pending and len(chain) < _DEEPEST * 4:
            extends = self.document.flat(self.document.get(pending.pop(), "extends"))
            for name in reversed(extends):
                base = self.top.get(self.document.string(name))
                if base is not None and base not in chain:
                    chain.append(base)
                    pending.append(base)
        return chain

    def _script(self, context: Context, *nodes: Node | None) -> None:
        parts = [part for node in nodes for part in self._parts(node, 0)]
        if parts:
            self.reading.script(joined(parts, "\n"), context)

    def _parts(self, node: Node | None, depth: int) -> list[Text]:
        """The items of a script, nested lists and ``!reference [job, script]`` put in."""
        if node is None or depth > _DEEPEST:
            return []
        if node.tag == "!reference":
            path = [self.document.string(item) for item in self.document.items(node)]
            return self._parts(self.document.get(self.document.root, *path), depth + 1)
        if node.id == "sequence":
            items = self.document.items(node)
            return [part for item in items for part in self._parts(item, depth + 1)]
        text = program(self.document, node)
        return [] if text is None else [text]
