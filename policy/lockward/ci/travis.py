"""Travis CI: the phases of a build, and the install that Travis runs when none is written.

Reference: Travis' job lifecycle and JavaScript pages.  A build of Node without
``install`` runs ``npm ci`` with npm's lockfile, ``yarn --frozen-lockfile`` with
Yarn's, and ``npm install`` with neither; before Node 8 always ``npm install``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.text import Text
from lockward.ci.yamlsteps import program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "CONTINUOUS_INTEGRATION": "true", "TRAVIS": "true"})
_PHASES: Final = (
    *("before_install", "install", "before_script", "script", "before_cache", "after_success"),
    *("after_failure", "before_deploy", "after_deploy", "after_script"),
)
_FIRST_WITH_CI: Final = 8  # the first Node whose npm has `npm ci`, at its last version
_MOST_JOBS: Final = 500


def read(reading: Reading) -> None:
    """Give every command of a build to the reading."""
    read_documents(reading, _RUNNER, lambda document: _Build(document, reading).run())


class _Build:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading

    def run(self) -> None:
        """Read the build, then what each job of the matrix has of its own."""
        document, root = self.document, self.document.root
        self._phases(root, None)
        jobs = [
            job
            for key in ("jobs", "matrix")
            for job in document.items(document.get(root, key, "include"))
        ]
        for job in jobs[:_MOST_JOBS]:
            self._phases(job, root)
        if not self._has_own_install(root, jobs):
            self._implied(root)

    def _context(self, *levels: Node) -> Context:
        context = Context("bash", _RUNNER, "")
        for level in levels:
            given = self.document.get(level, "env")
            for node in (
                given,
                self.document.get(given, "global"),
                self.document.get(given, "jobs"),
            ):
                context = context.having(variables(self.document, node))
        return context

    def _phases(self, node: Node, outer: Node | None) -> None:
        """The phases of one job are one shell; those it has not are the build's."""
        document = self.document
        context = self._context(*([node] if outer is None else [outer, node]))
        own = [document.get(node, phase) for phase in _PHASES]
        if outer is not None and all(phase is None for phase in own):
            return
        phases = [
            document.get(outer, phase) if phase_node is None else phase_node
            for phase, phase_node in zip(_PHASES, own, strict=True)
        ]
        text = program(document, *phases)
        if text is not None:
            self.reading.script(text, context)
        for deploy in (document.get(node, "deploy"), *document.items(document.get(node, "deploy"))):
            script = program(document, document.get(deploy, "script"))
            if script is not None:
                self.reading.script(script, context)

    def _has_own_install(self, root: Node, jobs: list[Node]) -> bool:
        if self.document.get(root, "install") is not None:
            return True
        return bool(jobs) and all(
            self.document.get(job, "install") is not None or self._language(job, root) != "node_js"
            for job in jobs
        )

    def _language(self, node: Node, outer: Node | None = None) -> str:
        own = self.document.string(self.document.get(node, "language"))
        return own or self.document.string(self.document.get(outer, "language"))

    def _implied(self, root: Node) -> None:
        """Tell of the install that nobody wrote, where the language or Node's version stands."""
        document = self.document
        language = document.text(document.get(root, "language"))
        if language is None or language.value.strip() not in ("node_js", "javascript"):
            return
        versions = document.flat(document.get(root, "node_js"))
        old = next((node for node in versions if _is_old(document.string(node))), None)
        place = language.at()
        if old is not None:
            text = document.text(old)
            place = place if text is None else text.at()
        words = ["travis", "install", *(["--no-ci"] if old is not None else [])]
        self.reading.implied([Text(word, (0,), (place,)) for word in words], self._context(root))


def _is_old(version: str) -> bool:
    first = version.strip().lstrip("v").partition(".")[0]
    return first.isdigit() and int(first) < _FIRST_WITH_CI
