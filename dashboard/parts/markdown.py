"""Texts from outside, made safe to show."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return re.sub(r"([\\`*_~$<>\[\]|])", r"\\\1", text)


def address_text(text: str) -> str:
    """Cut a forged parameter down to what can be shown: no markup, no links, not long."""
    return re.sub(r"[^\w .,:+-]", "?", text)[:60]
