"""Plugins of Yarn 2 and later that put other packages in the place of requirements.

Yarn asks each plugin's ``reduceDependency`` what a requirement becomes, after
``resolutions``.  What a plugin does there is code; the table knows those whose
answer is one of published names (wojtekmaj/react-pdf 147fa29803).
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import ancestors, join, name_of, resolve
from lockward.registries import yarnrc_yml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward import yamlread
    from lockward.project import Project

# Plugin (its file's name) -> what it puts in the place of {name}, and of which names: of those
# that its file quotes, for each release knows more of them (0.1.0 has 75, 1.0.1 has 98).
_REPLACING: Final[Mapping[str, tuple[str, str]]] = {
    "plugin-nolyfill": (
        "npm:@nolyfill/{name}@latest",
        """
abab array-buffer-byte-length array-flatten array-includes array.from array.of
array.prototype.at array.prototype.every array.prototype.find array.prototype.findlast
array.prototype.findlastindex array.prototype.flat array.prototype.flatmap
array.prototype.foreach array.prototype.reduce array.prototype.toreversed
array.prototype.tosorted arraybuffer.prototype.slice assert asynciterator.prototype
available-typed-arrays deep-equal deep-equal-json define-properties domexception
es-aggregate-error es-iterator-helpers es-set-tostringtag es6-object-assign function-bind
function.prototype.name get-symbol-description globalthis gopd harmony-reflect has
has-property-descriptors has-proto has-symbols has-tostringtag hasown internal-slot
is-arguments is-array-buffer is-core-module is-date-object is-generator-function is-nan
is-regex is-shared-array-buffer is-string is-symbol is-typed-array is-weakref isarray
iterator.prototype json-stable-stringify jsonify object-is object-keys object.assign
object.entries object.fromentries object.getownpropertydescriptors object.groupby
object.hasown object.values promise.allsettled promise.any reflect.getprototypeof
reflect.ownkeys regexp.prototype.flags safe-array-concat safe-buffer safe-regex-test
safer-buffer set-function-length side-channel string.prototype.at string.prototype.codepointat
string.prototype.includes string.prototype.matchall string.prototype.padend
string.prototype.padstart string.prototype.repeat string.prototype.replaceall
string.prototype.split string.prototype.startswith string.prototype.trim
string.prototype.trimend string.prototype.trimleft string.prototype.trimright
string.prototype.trimstart typed-array-buffer typed-array-byte-length typed-array-byte-offset
typed-array-length typedarray unbox-primitive util.promisify which-boxed-primitive
which-typed-array
""",
    ),
}
_LONGEST: Final = 1 << 19  # bytes; as of any hook that changed (lockdiff.requirements)


def places(project: Project) -> Iterator[str]:
    """The files of the plugins that .yarnrc.yml names, here and in the folders above.

    Every file's plugins count, each by its path from there; one that git does not hold is left out.
    """
    entries = project.tree.entries()
    for folder, settings in documents(project):
        listed = settings.get("plugins")
        for plugin in listed if isinstance(listed, list) else ():
            path = plugin.get("path") if isinstance(plugin, dict) else plugin
            place = resolve(folder, path) if isinstance(path, str) else None
            if place is not None and place in entries:
                yield place


def documents(project: Project) -> Iterator[tuple[str, yamlread.Mapping]]:
    """The folders with a .yarnrc.yml, the topmost first; one that cannot be read says nothing."""
    for folder in reversed(ancestors(project.root)):
        path = join(folder, yarnrc_yml.FILE)
        try:
            data = project.tree.read(path, project.policy.max_bytes)
            yield folder, yarnrc_yml.read(path, data) if data else {}
        except LockwardError:
            continue


def replaced(project: Project) -> Mapping[str, str]:
    """Name -> what a known plugin puts in the place of every requirement on it."""
    found: dict[str, str] = {}
    for place in places(project):
        spec, names = _REPLACING.get(name_of(place).partition(".")[0], ("", ""))
        if spec:
            text = _text_of(project, place)
            for name in names.split():
                if f'"{name}"' in text or f"'{name}'" in text:
                    found[name] = spec.format(name=name)
    return found


def _text_of(project: Project, place: str) -> str:
    try:
        return (project.tree.read(place, _LONGEST) or b"").decode("utf-8", "replace")
    except LockwardError:
        return ""
