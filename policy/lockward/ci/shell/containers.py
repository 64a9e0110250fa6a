"""Commands that run in a container or on another host: nothing of CI's variables is there."""

from __future__ import annotations

from lockward.ci.names import base_of
from lockward.ci.shell.options import Shape, cut
from lockward.ci.shell.wrappers import Run, Script, elsewhere
from lockward.ci.text import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from lockward.ci.shell.options import Cut
    from lockward.ci.text import Text

    Words = Sequence[Text]

_GLOBAL: Final = Shape(
    "-c -H -l -f -p --config --context --host --log-level --file --profile --project-name"
    " --env-file --project-directory -n --namespace --kubeconfig --cluster"
)
_RUN: Final = Shape(
    "-a -c -e -h -l -m -p -u -v -w --add-host --attach --annotation --blkio-weight --cap-add"
    " --cap-drop --cgroup-parent --cgroupns --cidfile --cpu-period --cpu-quota --cpu-shares --cpus"
    " --cpuset-cpus --cpuset-mems --device --dns --dns-search --domainname --entrypoint --env"
    " --env-file --expose --gpus --group-add --health-cmd --hostname --ip --ipc --isolation"
    " --label --label-file --link --log-driver --log-opt --mac-address --memory --memory-swap"
    " --mount --name --net --network --network-alias --pid --pids-limit --platform --publish"
    " --pull --restart --runtime --security-opt --shm-size --stop-signal --stop-timeout"
    " --storage-opt --sysctl --tmpfs --ulimit --user --userns --uts --volume --volumes-from"
    " --workdir --index --scale --service-ports-from"
)
_EXEC: Final = Shape("-c -n --container --namespace --pod-running-timeout -f")
_SSH: Final = Shape("-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w")
_SSHPASS: Final = Shape("-f -d -p -P")


def inner(run: Run) -> Iterator[Run | Script]:
    """What docker, kubectl, ssh and their kin run."""
    name = base_of(run.words[0].value)
    if name == "ssh":
        yield from _ssh(run)
    elif name == "sshpass":
        yield Run(cut(run.words[1:], _SSHPASS).rest, run.context, run.stdin)
    elif name == "gcloud":
        yield from _gcloud(run)
    elif name in ("kubectl", "oc", "lxc", "nomad"):
        yield from _kubectl(run)
    else:
        yield from _docker(run)


def _docker(run: Run) -> Iterator[Run | Script]:
    """``docker [compose] run|exec|create [options] image command``."""
    found = cut(run.words[1:], _GLOBAL)
    while found.rest and found.rest[0].value in ("compose", "container"):
        found = cut(found.rest[1:], _GLOBAL)
    if not found.rest or found.rest[0].value not in ("run", "exec", "create"):
        return
    found = cut(found.rest[1:], _RUN)
    entry = found.value("--entrypoint")
    command: list[Text] = list(found.rest[1:])
    if entry is not None:
        command.insert(0, entry)
    context = elsewhere(run.context, _given(found, run))
    yield Run(command, context, run.stdin)


def _given(found: Cut, run: Run) -> dict[str, str]:
    """What ``-e NAME=value`` and ``-e NAME`` hand to the container."""
    given: dict[str, str] = {}
    for option, text in found.options:
        if option in ("-e", "--env"):
            name, equals, value = text.value.partition("=")
            own = run.context.environment.get(name)
            if equals:
                given[name] = value
            elif own is not None:
                given[name] = own
    return given


def _kubectl(run: Run) -> Iterator[Run | Script]:
    """``kubectl exec pod -- command``."""
    found = cut(run.words[1:], _GLOBAL)
    if not found.rest or found.rest[0].value not in ("exec", "run", "debug", "rsh", "alloc"):
        return
    for index, word in enumerate(found.rest):
        if word.value == "--":
            yield Run(found.rest[index + 1 :], elsewhere(run.context), run.stdin)
            return
    yield Run(cut(found.rest[1:], _EXEC).rest[1:], elsewhere(run.context), run.stdin)


def _ssh(run: Run) -> Iterator[Run | Script]:
    """``ssh host words``: the host's shell gets the words joined; or it reads stdin."""
    found = cut(run.words[1:], _SSH)
    words = cut(found.rest[1:], _SSH).rest  # options may stand behind the host as well
    text = joined(words) if words else run.stdin
    if text is not None:
        yield Script(text, elsewhere(run.context))
    if words and run.stdin is not None:
        yield Run(words, elsewhere(run.context), run.stdin)


def _gcloud(run: Run) -> Iterator[Run | Script]:
    """``gcloud compute ssh host --command="text"``."""
    if any(word.value == "ssh" for word in run.words):
        values = [word.value for word in run.words]
        for index, value in enumerate(values):
            if value.startswith("--command="):
                word = run.words[index]
                yield Script(word.piece(len("--command="), len(value)), elsewhere(run.context))
            elif value == "--command" and index + 1 < len(values):
                yield Script(run.words[index + 1], elsewhere(run.context))
