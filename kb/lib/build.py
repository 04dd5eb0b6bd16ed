"""Which build of the code answers: part of every ETag, so that a new release is a new representation."""

import hashlib
from pathlib import Path


def fingerprint(folders: list[Path]) -> str:
    """A short hash over the code and templates in `folders`."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(
            path for pattern in ("*.py", "*.html", "*.css", "*.po") for path in folder.rglob(pattern)
        ):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
