"""A tree in memory: what tests, benchmarks and embedders hand to the engine."""

from __future__ import annotations

from lockward.errors import NotAFileError, TooLargeError
from lockward.model import TreeEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class MemoryTree:
    """A model.Tree over a mapping of path to bytes (or str, encoded as UTF-8).

    ``modes`` overrides the mode of single paths, "120000" for a symbolic link.
    """

    def __init__(
        self, files: Mapping[str, bytes | str], modes: Mapping[str, str] | None = None
    ) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }
        self._modes = modes or {}
        self._entries: dict[str, TreeEntry] | None = None

    def entries(self) -> Mapping[str, TreeEntry]:
        """Every file; the object id is the content itself, in hex."""
        if self._entries is None:
            self._entries = {
                path: TreeEntry(self._modes.get(path, "100644"), data.hex())
                for path, data in self._files.items()
            }
        return self._entries

    def read(self, path: str, limit: int | None = None) -> bytes | None:
        """See model.Tree.read."""
        data = self._files.get(path)
        if data is None:
            return None
        if self._modes.get(path, "100644") not in ("100644", "100755"):
            raise NotAFileError("is not a regular file", path=path)
        if limit is not None and len(data) > limit:
            raise TooLargeError(f"is longer than {limit} bytes", path=path)
        return data
