"""Children without a shell and without the ``subprocess`` module.

Importing ``subprocess`` takes longer (9 ms) than everything that git does for a
commit without JavaScript, so on POSIX ``os.posix_spawn`` starts the children;
elsewhere ``subprocess`` does.  Input and output that fit in memory go through
unnamed files, never through pipes: there is then nothing to deadlock on, and a
child runs to its end while the parent imports what it needs next.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Final

_CHUNK: Final = 1 << 16
_POSIX: Final = hasattr(os, "posix_spawn")


def open_standard_descriptors() -> None:
    """Make sure that 0, 1 and 2 are taken: a pipe must never get one of their numbers."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one


LIVE: Final[set[Child]] = set()  # children whose end nobody has seen yet


def end_all() -> None:
    """Leave no child behind, whatever was interrupted."""
    for child in tuple(LIVE):
        child.kill()


class Child:
    """A started program.  ``wait`` gives its exit code, negative for a signal."""

    __slots__ = ("_popen", "code", "pid")

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], standard: tuple[int, int, int]
    ) -> None:
        """Start ``argv`` (an absolute path first) with these descriptors as 0, 1 and 2."""
        self.code: int | None = None
        self._popen: subprocess.Popen[bytes] | None = None
        if _POSIX:
            self.pid = _spawn(argv, env, standard)
        else:
            import subprocess

            stdin, stdout, stderr = standard
            self._popen = subprocess.Popen(
                argv, env=dict(env), stdin=stdin, stdout=stdout, stderr=stderr
            )
            self.pid = self._popen.pid
        LIVE.add(self)

    def wait(self) -> int:
        """The exit code, once the child has ended."""
        if self.code is None:
            if self._popen is None:
                self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            else:
                self.code = self._popen.wait()
            LIVE.discard(self)
        return self.code

    def kill(self) -> None:
        """End the child now and take its exit code, so that nothing is left behind."""
        if self.code is None:
            if self._popen is None:
                os.kill(self.pid, 9)
            else:
                self._popen.kill()
            self.wait()


def _spawn(argv: Sequence[str], env: Mapping[str, str], standard: tuple[int, int, int]) -> int:
    """Start a program on POSIX; its process id."""
    # `signal` would take 3 ms, for its enums.
    from _signal import SIGPIPE  # type: ignore[import-not-found]  # typeshed knows it as signal

    actions = [(os.POSIX_SPAWN_DUP2, ours, theirs) for theirs, ours in enumerate(standard)]
    # Python ignores SIGPIPE and a child would inherit that: git then does not
    # notice that nobody reads it any more.
    return os.posix_spawn(argv[0], tuple(argv), env, file_actions=actions, setsigdef=(SIGPIPE,))


def scratch() -> int:
    """A descriptor of an empty file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("lockward", os.MFD_CLOEXEC)
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def filled(data: bytes) -> int:
    """A descriptor from which ``data`` can be read: a child's whole standard input."""
    number = scratch()
    write(number, data)
    os.lseek(number, 0, os.SEEK_SET)
    return number


def write(number: int, data: bytes) -> None:
    """Write all of ``data``."""
    view = memoryview(data)
    while view:
        view = view[os.write(number, view) :]


def content(number: int) -> bytes:
    """Everything that was written to a scratch file."""
    parts: list[bytes] = []
    offset = 0
    size = os.fstat(number).st_size
    while offset < size:
        part = os.pread(number, size - offset, offset)
        if not part:
            break
        parts.append(part)
        offset += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def relayed(source: int, sink: int, result: int, seen: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Pass a pipe's bytes on to another one, and yield what meanwhile arrives at a third.

    Two children work at the same time that way, and neither can wait for us
    while we wait for it.  ``seen`` gets each piece of ``source``, b"" at its
    end, and says what to pass on.  ``source`` and ``sink`` are closed.
    """
    import select

    os.set_blocking(sink, False)
    poll = select.poll()
    poll.register(source, select.POLLIN)
    poll.register(result, select.POLLIN)
    ours = [source, sink]
    waiting, reading = b"", True
    try:
        while True:
            for number, _ in poll.poll():
                if number == result:
                    piece = os.read(result, _CHUNK)
                    if not piece:
                        return
                    yield piece
                elif number == source:
                    piece = os.read(source, _CHUNK)
                    waiting, reading = seen(piece), bool(piece)
                    poll.unregister(source)  # one piece at a time: memory stays bounded
                    poll.register(sink, select.POLLOUT)
                else:
                    waiting = waiting[_written(sink, waiting) :]
                    if not waiting:
                        poll.unregister(sink)
                        if reading:
                            poll.register(source, select.POLLIN)
                        else:
                            close(*ours)
                            ours.clear()
    finally:
        close(*ours)


def _written(sink: int, data: bytes) -> int:
    """How much of it a pipe took; all, when nobody reads it any more."""
    try:
        return os.write(sink, data) if data else 0
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(data)


def close(*numbers: int) -> None:
    """Close open descriptors."""
    for number in numbers:
        os.close(number)
