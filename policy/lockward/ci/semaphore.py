"""Semaphore: the commands of jobs, behind those of their prologues.

Reference: the pipeline YAML reference of Semaphore.  Prologue, commands and
epilogue of a job share one shell.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "SEMAPHORE": "true"})
_EPILOGUES: Final = ("always", "on_pass", "on_fail")


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    root = document.root
    whole = document.get(root, "global_job_config")
    tasks = [document.get(block, "task") for block in document.items(document.get(root, "blocks"))]
    tasks.append(document.get(root, "after_pipeline", "task"))
    for task in (*tasks, whole):
        context = Context("bash", _RUNNER, "")
        for level in (whole, task):
            context = context.having(variables(document, document.get(level, "env_vars")))
        before = [document.get(level, "prologue", "commands") for level in (whole, task)]
        after = [
            document.get(level, "epilogue", when, "commands")
            for level in (task, whole)
            for when in (*_EPILOGUES, "commands")
        ]
        jobs = document.items(document.get(task, "jobs"))
        _job(document, [] if jobs else [*before, *after], context, reading)
        for job in jobs:
            own = context.having(variables(document, document.get(job, "env_vars")))
            _job(document, [*before, document.get(job, "commands"), *after], own, reading)


def _job(
    document: Document, scripts: list[Node | None], context: Context, reading: Reading
) -> None:
    text = program(document, *scripts)
    if text is not None:
        reading.script(text, context)
