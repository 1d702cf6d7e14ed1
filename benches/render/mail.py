"""The HTML body of a letter, as Python's `email` reads it."""

import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shown:
    html: str
    alone: bool  # no other body is shown with it, and it brings no pictures along


def charset_of(part, raw: bytes) -> str:
    declared = part.get_content_charset()
    if declared is None:
        meta = re.search(rb"(?i)<meta[^>]*charset=[\"']?([\w-]+)", raw[:4096])
        declared = meta.group(1).decode("ascii") if meta else "utf-8"
    # What browsers understand by these names (WHATWG Encoding).
    wider = {
        "us-ascii": "windows-1252",
        "ascii": "windows-1252",
        "iso-8859-1": "windows-1252",
        "latin-1": "windows-1252",
        "ks_c_5601-1987": "cp949",
        "euc-kr": "cp949",
        "gb2312": "gb18030",
        "shift_jis": "cp932",
        "default": "windows-1252",
    }
    return wider.get(declared.lower(), declared)


def read(path: Path) -> Shown | None:
    """What is shown of a letter, if it has an HTML body."""
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    html = None
    others = 0
    for part in letter.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment"
        if kind == "text/html" and not attached and html is None:
            raw = part.get_payload(decode=True) or b""
            html = raw.decode(charset_of(part, raw), "replace")
        elif kind.startswith("image/"):
            others += 1
        elif kind.startswith("text/") and not attached:
            # The other side of a multipart/alternative is not shown beside it.
            others += letter.get_content_type() != "multipart/alternative"
    if html is None:
        return None
    return Shown(html.lstrip("\ufeff"), others == 0)
