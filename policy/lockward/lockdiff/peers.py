"""pnpm: what an entry says of its dependencies' names and its peers, and why it may change.

pnpm does not copy a package.json: it writes what its own table of corrections, the
project's overrides and peerDependencyRules, and autoInstallPeers made of it, so another
version of pnpm or another setting writes the same tarball otherwise.  What each of them
can do has a function of its own; anything else contradicts the tarball.
Reference: pnpm, pkg-manager/resolve-dependencies and hooks/read-package-hook.
"""

from __future__ import annotations

from lockward import pnpm_settings, semver, spec
from lockward.bounds import COPIES
from lockward.directives import bare
from lockward.lockdiff import corrections
from lockward.lockdiff.answers import expanded, fits
from lockward.lockdiff.contents import edges
from lockward.lockdiff.formats import leaves_out, leaves_out_everybody

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.contents import Difference
    from lockward.lockdiff.requirements import Extended
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package
    from lockward.project import Project


def differences(
    scene: Scene, before: Package, after: Package, extended: Extended
) -> Iterator[Difference]:
    """How names and peers contradict each other in two entries.

    Whether a peer is optional is what peerDependencyRules.ignoreMissing makes of it, and of
    a name that is no peer it means nothing.
    """
    same_names = _answers(before).keys() == _answers(after).keys()
    if same_names and before.peer_dependencies == after.peer_dependencies:
        return
    sides = {
        *_changed_sides(before, after),
        *_renamed(scene, before, after),
        *_met(scene, before, after),
    }
    excused = extended.beside({*corrections.of(after.name), *sides})
    bundled = before.bundle_dependencies & after.bundle_dependencies
    for row in edges(_names(before), _names(after), excused.beside(bundled)):
        known = is_restored(scene, after, row[1]) or _is_for_the_rest(before, after, row[1])
        yield ("edges-restored", *row[1:]) if known else row
    for row in edges(before.peer_dependencies, after.peer_dependencies, excused):
        was, now = before.peer_dependencies.get(row[1]), after.peer_dependencies.get(row[1])
        if was is None or now is None or not _rewritten(scene, after, row[1], was, now):
            yield row


def is_restored(scene: Scene, after: Package, name: str) -> bool:
    """Whether an optional dependency is back that an earlier revision recorded alike.

    pnpm loses those that the author's platform does not install
    (lefthook of vbenjs/vue-vben-admin 260e45cd7b).
    """
    if name not in after.optional_dependencies:
        return False
    return name in scene.restored(after) or _is_of_the_rest(scene, after, name)


def _is_of_the_rest(scene: Scene, after: Package, name: str) -> bool:
    """Whether an optional dependency is one more of a package's parts for single platforms.

    Those have its own version, and a scope in which others of them are locked already: nobody
    else can publish there (@rolldown/binding-android-arm64, oxc-project/oxc cc01bd7f0f).
    """
    scope, slash, _ = name.partition("/")
    answers = [one.target for one in scene.edges_of(after) if one.name == name]
    COPIES.spend(len(after.optional_dependencies))
    before = scene.pair.before.entries.get(after.artifact, ())
    known = {
        one
        for copy in before
        for one, reference in copy.optional_dependencies.items()
        if one.startswith(f"{scope}/") and reference == copy.version
    }
    return (
        slash != ""
        and len(known) >= _SEVERAL
        and bool(answers)
        and all(
            one is not None
            and (one.name, one.version) == (name, after.version)
            and one.source == "registry"
            and one.optional
            and any(leaves_out(field, one.raw.get(field)) for field in ("os", "cpu"))
            and _brings_nothing(scene, one)
            for one in answers
        )
    )


def _brings_nothing(scene: Scene, package: Package) -> bool:
    """Whether whatever a package needs was locked before."""
    asked = scene.edges_of(package)
    COPIES.spend(len(asked))
    return all(scene.pair.after.answer(one) in scene.pair.before.entries for one in asked)


_SEVERAL: Final = 3


def _is_for_the_rest(before: Package, after: Package, name: str) -> bool:
    """Whether a package that no usual platform installs has what is called like it, or lost it.

    pnpm leaves out what such a package needs, and writes it again: sass of
    sass-embedded-all-unknown, of the same version (vbenjs/vue-vben-admin 60eb1335f8).
    """
    if not all(
        one.optional
        and any(leaves_out_everybody(field, one.raw.get(field)) for field in ("os", "cpu"))
        for one in (before, after)
    ):
        return False
    reference = _answers(before).get(name) or _answers(after).get(name, "")
    return after.name.startswith(f"{name}-") and reference == after.version


def _names(package: Package) -> Mapping[str, str]:
    """What a package depends on by name; what its peers come to depends on who asks."""
    return {name: "" for name in _answers(package) if name not in package.peer_dependencies}


def _answers(package: Package) -> Mapping[str, str]:
    return {**package.dependencies, **package.optional_dependencies}


def _changed_sides(before: Package, after: Package) -> frozenset[str]:
    """The names that were dependencies and are peers now, or the reverse.

    Of a name in both sections pnpm keeps the dependency, with autoInstallPeers the peer.
    Each has an answer, unless both entries say that the peer is optional: only of a peer
    does a tarball say that (core-js of @vue/babel-preset-app, unocss/unocss 428d0d9b53).
    """
    one, two = before.peer_dependencies.keys(), after.peer_dependencies.keys()
    answered = _answers(before).keys() & _answers(after).keys()
    return frozenset(one ^ two) & (answered | (before.peer_optional & after.peer_optional))


def _met(scene: Scene, before: Package, after: Package) -> Iterator[str]:
    """The peers that nothing answered, and that are dependencies now, answered in their range.

    A tarball may ask for both; pnpm without autoInstallPeers keeps the dependency (postcss of
    tailwindcss, solidjs/solid-start b400e9db15).  What answers was locked before.
    """
    known = _answers(before)
    for edge in scene.edges_of(after):
        text = before.peer_dependencies.get(edge.name)
        if text is None or edge.target is None or edge.name in known:
            continue
        stood = scene.pair.after.answer(edge) in scene.pair.before.entries
        if stood and edge.name not in after.peer_dependencies and _is_in(edge, text):
            yield edge.name


def _is_in(edge: Edge, text: str) -> bool:
    """Whether an answer is in a range."""
    return edge.target is not None and fits(spec.parse(edge.name, text), edge.target)


def _renamed(scene: Scene, before: Package, after: Package) -> Iterator[str]:
    """The peers in whose place an override puts another package, before or after.

    That is no range of a peer, so pnpm 10 makes a dependency of it
    (@modular-forms/qwik, QwikDev/qwik 50422e81c8).
    """
    peers = {**before.peer_dependencies, **after.peer_dependencies}
    graph = scene.graph_before
    old = () if graph is None else graph.edges.get(before.key, ())
    for asker, found in ((scene.asker_before, old), (scene.asker, scene.edges_of(after))):
        for edge in found:
            if edge.name in peers and any(one.alias for one in asker.alternatives(edge)):
                yield edge.name


def _rewritten(scene: Scene, after: Package, name: str, was: str, now: str) -> bool:
    """Whether a peer's other range is one that settings write, and decides nothing.

    An override puts its own text in a range's place, and goes again; pnpm 9 what a project
    asks for; other settings write other ranges.  What answers the peer answers both.
    """
    if scene.asker.overrides_to(name, now) or _is_linked(scene, name, now):
        return True
    if _is_allowed(scene, after, name, was, now):
        return True
    wanted = spec.parse(name, now)
    if wanted.kind not in ("range", "version"):
        return False
    if scene.asker_before.overrides_to(name, was) or _was_overridden(scene, name, was):
        return True
    if _is_part_of(now, was) or _is_part_of(was, now):
        return True
    old = spec.parse(name, was)
    stayed = old.kind == "version" and semver.satisfies(was, now, include_prerelease=True)
    ranges = (wanted,) if stayed or _was_asked_for(scene, name, was) else (old, wanted)
    return all(
        edge.target is not None and all(fits(one, edge.target) for one in ranges)
        for edge in scene.edges_of(after)
        if edge.name == name
    )


def _was_overridden(scene: Scene, name: str, was: str) -> bool:
    """Whether a range is what the old lockfile says that an override had put there.

    pnpm writes an entry's own range again when it reads the package anew, which may be long
    after the override went from package.json (payloadcms/payload a80de3f0c0).
    """
    before = scene.lockfile_before
    found = before.raw.get("overrides") if before is not None else None
    return isinstance(found, dict) and any(
        text == was and bare(str(key).rpartition(">")[2]) == name for key, text in found.items()
    )


def _was_asked_for(scene: Scene, name: str, was: str) -> bool:
    """Whether a range is what a project asked of that name itself.

    pnpm 9 put that in the range's place, whatever it is, and the tarball's own again later
    (react of @react-email/tailwind, resend/react-email 8f395d2238).
    """
    before = scene.before
    COPIES.spend(0 if before is None else len(before.manifests))
    return before is not None and any(
        expanded(before, name, section.get(name, "")) == was
        for manifest in before.manifests.values()
        for section in manifest.sections.values()
    )


def _is_allowed(scene: Scene, after: Package, name: str, was: str, now: str) -> bool:
    """Whether two ranges differ in what peerDependencyRules.allowedVersions adds to them.

    pnpm writes any version where any is allowed, else the allowed ones behind the package's own
    (vite, histoire-dev/histoire e389cb0766; eslint-plugin-promise, 42295e32b7).
    """
    allowed: set[str] = set()
    for project in (scene.before, scene.after):
        if project is not None:
            allowed.update(_allowed_versions(project, after.name, name))
    return ("*" in allowed and "*" in (was, now)) or (
        bool(allowed) and _alternatives(was) ^ _alternatives(now) <= allowed
    )


def _allowed_versions(project: Project, source: str, name: str) -> Iterator[str]:
    rules = pnpm_settings.of(project).mapping("peerDependencyRules").get("allowedVersions")
    for selector, text in rules.items() if isinstance(rules, dict) else ():
        parent, target = pnpm_settings.parts_of(selector)
        meant = pnpm_settings.bare(target) == name and pnpm_settings.bare(parent) in ("", source)
        if meant and isinstance(text, str):
            yield from _alternatives(text)


def _alternatives(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split("||"))


def follows_project(scene: Scene, edge: Edge, source: Package) -> bool:
    """Whether a peer has the very answer that a project of the repository gives to its name.

    Peers are answered by what the project has, in their range or not (typescript of twoslash,
    wevm/viem 052f212afd), from wherever the project wants it (ox of permissionless, 752712f1d2).
    A project whose package.json git does not hold is only the lockfile's word.
    """
    target = edge.target
    if target is None or edge.name not in source.peer_dependencies:
        return False
    copies = scene.pair.after.entries.get(scene.pair.after.answer(edge), ())
    asking = [other for copy in copies for other in scene.graph.into(copy.key)]
    COPIES.spend(len(asking))
    return any(
        other.name == edge.name
        and other.source in scene.lockfile.importers
        and scene.asker.knows_range(other)
        and scene.asker.answered(other)
        and scene.asker.asks_for(other, target)
        and (other.name == target.name or scene.asker.renames(other, target.name))
        for other in asking
    )


def is_out_of_range(scene: Scene, edge: Edge) -> bool:
    """Whether a peer that had no answer has one out of its range, which no project has either."""
    source = scene.lockfile.by_key.get(edge.source)
    text = None if source is None else source.peer_dependencies.get(edge.name)
    if source is None or text is None or edge.target is None:
        return False
    return not _is_in(edge, text) and not follows_project(scene, edge, source)


def _is_linked(scene: Scene, name: str, now: str) -> bool:
    """Whether an override puts a folder in a peer's place.

    pnpm writes its absolute path on the author's machine there (apollo-client 9c4c01a640).
    """
    return now.startswith("link:/") and scene.asker.overrides_by_link(name)


def _is_part_of(part: str, whole: str) -> bool:
    """Whether a range is a caret's, of one major version, which another range holds.

    pnpm 9 puts what a project asks for in the place of the tarball's range, where it is one of
    the versions that the tarball takes (rollup of @rollup/plugin-alias, shikijs/shiki 4769588462).
    """
    version = part.removeprefix("^")
    numbers = version.split(".")
    if part[:1] != "^" or len(numbers) != _NUMBERS or not all(map(str.isdecimal, numbers)):
        return False
    last = f"{numbers[0]}.{_MOST}.{_MOST}"
    return numbers[0] != "0" and semver.covers(whole, version, last)


_NUMBERS: Final = 3
_MOST: Final = 999_999
