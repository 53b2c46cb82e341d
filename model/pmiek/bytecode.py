"""Where Python keeps its compiled modules when it may not keep them beside the sources."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def keep_compiled() -> None:
    """Let compiled modules be kept in a folder of this user, if Python was told not to write any.

    Compiling the libraries anew takes several seconds of every command. Nothing is written beside the sources.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
        folder = Path(tempfile.gettempdir()) / f"pmiek-bytecode-{user}"
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            owned = not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
        except OSError:
            return
        # a folder of another user could hold code of that user
        if owned and not folder.is_symlink():
            sys.pycache_prefix = str(folder)
            sys.dont_write_bytecode = False
