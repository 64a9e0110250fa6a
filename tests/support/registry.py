"""A registry for real package managers: packages in memory, served over HTTP on this machine."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = dict[str, Any]


def tarball(name: str, version: str, fields: Fields, files: Mapping[str, str]) -> bytes:
    """The same bytes for the same package, as `npm pack` lays it out."""
    manifest = json.dumps({"name": name, "version": version, **fields})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, text in {"package.json": manifest, **files}.items():
            data = text.encode()
            member = tarfile.TarInfo(f"package/{path}")
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


class Registry:
    """Leave the block to end it.  ``packages``: name -> version -> fields of its package.json.

    ``asked`` gathers the paths of all requests.
    """

    def __init__(self, packages: Mapping[str, Mapping[str, Fields]]) -> None:
        self.packages: Final = {name: dict(of) for name, of in packages.items()}
        self.asked: Final[list[str]] = []
        self._tarballs: Final[dict[str, bytes]] = {}
        self._server: Final = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def tarball_url(self, name: str, version: str) -> str:
        """Where a version's tarball lies."""
        return f"{self.url}{name}/-/{name.rpartition('/')[2]}-{version}.tgz"

    def tarball(self, name: str, version: str) -> bytes:
        """A version's tarball."""
        key = f"{name}@{version}"
        if key not in self._tarballs:
            files = {"index.js": f"module.exports = {json.dumps(key)}\n"}
            self._tarballs[key] = tarball(name, version, self.packages[name][version], files)
        return self._tarballs[key]

    def integrity(self, name: str, version: str) -> str:
        """A version's sha512, as lockfiles write it."""
        digest = hashlib.sha512(self.tarball(name, version)).digest()
        return "sha512-" + base64.b64encode(digest).decode()

    def packument(self, name: str) -> Fields:
        """The document about a package; ``latest`` is the last version that is listed."""
        versions = self.packages[name]
        return {
            "name": name,
            "dist-tags": {"latest": list(versions)[-1]},
            "time": dict.fromkeys(versions, "2020-01-01T00:00:00.000Z"),
            "versions": {
                version: {
                    "name": name,
                    "version": version,
                    **fields,
                    "dist": {
                        "tarball": self.tarball_url(name, version),
                        "integrity": self.integrity(name, version),
                        "shasum": hashlib.sha1(  # noqa: S324 - what registries publish beside it
                            self.tarball(name, version)
                        ).hexdigest(),
                    },
                }
                for version, fields in versions.items()
            },
        }

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body for a path; None = there is nothing."""
        self.asked.append(path)
        name, dash, file = unquote(path).strip("/").partition("/-/")
        if name not in self.packages:
            return None
        if not dash:
            return "application/json", json.dumps(self.packument(name)).encode()
        version = file.removeprefix(f"{name.rpartition('/')[2]}-").removesuffix(".tgz")
        if version not in self.packages[name]:
            return None
        return "application/octet-stream", self.tarball(name, version)


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = registry.answer(self.path.partition("?")[0])
            kind, body = found or ("application/json", b'{"error": "not found"}')
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
