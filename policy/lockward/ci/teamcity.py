"""TeamCity: the script runners of Kotlin settings, and of settings in XML.

Reference: the Kotlin DSL documentation of TeamCity.  Read are the strings that
are assigned to the properties below, and ``exec { path; arguments }``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.scriptstrings import tokens
from lockward.ci.shell.scope import moved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.scriptstrings import Token
    from lockward.ci.text import Text

_RUNNER: Final = Environment({"TEAMCITY_VERSION": "1", "BUILD_NUMBER": "1"})
# Properties that hold shell text: of script, nodeJS and ssh-exec runners.
_SCRIPTS: Final = ("scriptContent", "shellScript", "shellCommands", "commands", "customScript")
_PARAMETERS: Final = ("script.content", "shellScript", "nodejs.shellScript")


def read(reading: Reading) -> None:
    """Give every command of the settings to the reading."""
    if reading.source.path.lower().endswith(".xml"):
        _xml(reading)
        return
    found = list(tokens(reading.source.whole(), groovy=False))
    blocks: list[dict[str, Text]] = [{}]
    for index, token in enumerate(found):
        if token.is_sign("{"):
            blocks.append({})
        elif token.is_sign("}"):
            _block(blocks.pop(), reading)
            blocks = blocks or [{}]
        elif token.kind == "word":
            _property(found, index, blocks[-1], reading)
    for block in blocks:
        _block(block, reading)


def _property(found: list[Token], index: int, block: dict[str, Text], reading: Reading) -> None:
    """``name = "text"``; ``param("script.content", "text")``."""
    name = found[index].text.value
    following = found[index + 1 : index + 5]
    if len(following) < 2:  # noqa: PLR2004 - a sign and a value
        return
    if following[0].is_sign("=") and following[1].kind == "string":
        block.setdefault(name, following[1].text)
    elif name == "param" and following[1].text.value in _PARAMETERS and following[3:]:
        reading.script(following[3].text, Context("bash", _RUNNER, ""))


def _block(block: dict[str, Text], reading: Reading) -> None:
    """One runner: its script, in its working folder."""
    folder = block.get("workingDir")
    context = Context("bash", _RUNNER, "" if folder is None else moved("", folder.value))
    for name in _SCRIPTS:
        if name in block:
            reading.script(block[name], context)
    path = block.get("path")
    if path is not None:
        arguments = block.get("arguments")
        reading.argv([path, *([] if arguments is None else arguments.split())], context)
    for name in ("content", "scriptArgs"):  # of PowerShell runners
        if name in block:
            reading.script(block[name], context.spoken("powershell"))


def _xml(reading: Reading) -> None:
    """``<param name="script.content"><![CDATA[text]]></param>`` or ``value="text"``."""
    text = reading.source.text
    for name in _PARAMETERS:
        mark = f'<param name="{name}"'
        start = text.find(mark)
        while start >= 0:
            opened = text.find(">", start)
            value = text.find('value="', start, opened + 1)
            if value >= 0:
                begin, end = value + 7, text.find('"', value + 7)
            else:
                begin, end = opened + 1, text.find("</param>", opened)
            if opened >= 0 and end > begin:
                piece = reading.source.piece(begin, end)
                cut = len("<![CDATA[") if piece.value.startswith("<![CDATA[") else 0
                piece = piece.piece(cut, len(piece.value.removesuffix("]]>")))
                reading.script(piece, Context("bash", _RUNNER, ""))
            start = text.find(mark, start + 1)
