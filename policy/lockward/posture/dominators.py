"""What would go with a package: how many packages are there only because of it.

The dominator tree of the dependency graph, by Cooper, Harvey and Kennedy ("A
Simple, Fast Dominance Algorithm", 2001); every walk iterative.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

    Links = Mapping[str, Sequence[tuple[str, str]]]

BUDGET: Final = 5_000_000  # steps; 5,000 packages take a hundredth


def only_because_of(links: Links, roots: Iterable[str], budget: int = BUDGET) -> dict[str, int]:
    """Key -> the number of other keys that every way from the roots reaches through it.

    Empty when that takes more than ``budget`` steps: no real lockfile does.
    """
    order, ahead = _reverse_postorder(links, tuple(roots))
    number = {key: n for n, key in enumerate(order, 1)}  # 0 stands above all roots
    before = _predecessors(links, number, ahead)
    dominator = [0] + [-1] * len(order)
    moved = True
    while moved:
        moved = False
        for node in range(1, len(order) + 1):
            best, steps = _nearest(dominator, before[node])
            budget -= steps
            if budget < 0:
                return {}
            if best >= 0 and dominator[node] != best:
                dominator[node] = best
                moved = True
    counts = [0] * (len(order) + 1)
    for node in range(len(order), 0, -1):
        counts[dominator[node]] += 1 + counts[node]
    return {key: counts[n] for key, n in number.items() if counts[n]}


def _nearest(dominator: list[int], before: list[int]) -> tuple[int, int]:
    """The nearest node above all of these, -1 while none is known; and the steps it took."""
    best, steps = -1, 1
    for other in before:
        if dominator[other] < 0:
            continue
        if best < 0:
            best = other
        while best != other:
            steps += 1
            if best > other:
                best = dominator[best]
            else:
                other = dominator[other]  # noqa: PLW2901 - both walk up until they meet
    return best, steps


def _reverse_postorder(links: Links, roots: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Every reached key, each before what only it leads to; and the roots."""
    order: list[str] = []
    seen: set[str] = set()
    for root in reversed(roots):
        if root in seen:
            continue
        seen.add(root)
        waiting = [(root, iter(links.get(root, ())))]
        while waiting:
            key, rest = waiting[-1]
            for target, _ in rest:
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, iter(links.get(target, ()))))
                    break
            else:
                order.append(key)
                waiting.pop()
    order.reverse()
    return order, roots


def _predecessors(
    links: Links, number: Mapping[str, int], roots: tuple[str, ...]
) -> list[list[int]]:
    before: list[list[int]] = [[] for _ in range(len(number) + 1)]
    for root in roots:
        before[number[root]].append(0)
    for source, n in number.items():
        for target, _ in links.get(source, ()):
            before[number[target]].append(n)
    return before
