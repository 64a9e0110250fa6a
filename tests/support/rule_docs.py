"""The rule table of README.md and the pages of docs/rules.md, from the rule modules.

``make docs`` writes them; tests/test_house.py holds them equal.
"""

from __future__ import annotations

from pathlib import Path

from lockward import rules

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "rules.md"
BEGIN = "<!-- rules: begin -->"
END = "<!-- rules: end -->"
HEAD = """\
# The rules

`lockward explain RULE` prints the same, offline. Generated from the rule modules: `make docs`.

"""


def table(page: str) -> str:
    """The rules as a Markdown table, each linked to its section of a page."""
    rows = ["| rule | default | judges |", "|---|---|---|"]
    for rule_id in rules.IDS:
        rule = rules.module(rule_id)
        summary = rule.SUMMARY.replace("|", "\\|")
        rows.append(f"| [`{rule_id}`]({page}#{rule_id}) | {rules.default(rule_id)} | {summary} |")
    return "\n".join(rows) + "\n"


def section(rule_id: str) -> str:
    """One rule's own documentation, its headings one level down."""
    rule = rules.module(rule_id)
    lines = (rule.__doc__ or "").strip().splitlines()
    body = "\n".join(f"#{line}\n" if line.startswith("## ") else line for line in lines)
    return f"## {rule_id}\n\n*{rules.default(rule_id)} by default.* {body}\n"


def page() -> str:
    """docs/rules.md."""
    return HEAD + table("") + "\n" + "\n".join(map(section, rules.IDS))


def readme(text: str) -> str:
    """README.md with the table between its markers renewed."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{table('docs/rules.md')}{END}{after}"


def main() -> None:
    """Write both."""
    PAGE.write_text(page())
    README.write_text(readme(README.read_text()))


if __name__ == "__main__":
    main()
