"""Reports as text: one output format, one module with ``render(report, …) -> str``."""
