"""Stable identifiers: the same parts give the same id in every run."""

from __future__ import annotations

import re
import unicodedata


def slug(*parts: str) -> str:
    """Join parts into a lower-case ASCII identifier with single hyphens.

    Parameters
    ----------
    *parts : str
        Names or ids, for example an asset id, a carrier and a direction.

    Returns
    -------
    str
        For example ``slug("ZYV110-BL110", "electricity", "take-off")`` is
        ``"zyv110-bl110-electricity-take-off"``.

    Raises
    ------
    ValueError
        If nothing remains after cleaning.
    """
    text = unicodedata.normalize("NFKD", " ".join(parts)).encode("ascii", "ignore").decode()
    result = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not result:
        message = f"no identifier can be made from {parts!r}"
        raise ValueError(message)
    return result
