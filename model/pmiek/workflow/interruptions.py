"""What a step says when the machine, and not the model, ended it: disk full, a locked file, memory."""

from __future__ import annotations

import errno

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
LOCKED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, getattr(errno, "ETXTBSY", errno.EBUSY)}
)
GO_ON = "What was finished is kept; run the same command again and it goes on from there."


def words(error: BaseException) -> str:
    """Say what ended a step and what to do, or an empty text for an error that is a bug of the model.

    Parameters
    ----------
    error : BaseException
        What the step raised.
    """
    if isinstance(error, MemoryError):
        return f"memory ran out in a step; close other programs or use --jobs 1. {GO_ON}"
    if not isinstance(error, OSError):
        return ""
    # the last name is where the file should have come: the first is a temporary one beside it
    name = error.filename2 or error.filename or "a file"
    if error.errno in FULL:
        return f"the disk is full (writing {name}); free some space. {GO_ON}"
    if error.errno in LOCKED:
        return (
            f"{name} may not be written: it is read-only, or open in another program such as Excel; "
            f"close it or make it writable. {GO_ON}"
        )
    if error.errno == errno.ENOMEM:
        return f"memory ran out in a step; close other programs or use --jobs 1. {GO_ON}"
    return ""
