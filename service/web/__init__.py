"""Pages, templates and static files."""

from pathlib import Path

FOLDER = Path(__file__).parent
