#!/usr/bin/env python3
"""Compare Goyo's reading of letters with that of Python's `email` package.

    benches/compare_python_email.py MAILDIR... [--goyo target/release/goyo]
                                    [--count 300 | --all] [--seed 1] [--json OUT]

Letters are picked with a seeded generator from the Maildirs (or directories of
letters) given. For each the leaves of the MIME tree are compared: type, file
name, and the content after transfer decoding (SHA-256; text after decoding to
Unicode, line ends as LF, those at the end cut). What differs is put into a
class that says why, as far as the reason can be recognised in the letter (most
classes are proved by deriving Goyo's reading again in Python); the
rest is "unexplained" and makes the exit status 1.

Goyo's side comes from `goyo inspect --json FILE...`, one object a line with
`file` and `parts: [{path,type,charset,size,name,sha256}]`.
"""

import argparse
import binascii
import codecs
import email
import email.header
import email.message
import email.policy
import hashlib
import json
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

CONTAINERS = ("multipart/", "message/rfc822", "message/global", "message/news")

# Differences where Python is the one that reads less, or reads it wrong.
PYTHON_IS_WRONG = {
    "python-unknown-charset": "Python has no codec of that name and shows raw bytes",
    "python-charset-failed": "the declared charset cannot decode the bytes; Goyo found one that does",
    "uuencode": "a uuencoded file stands in the text; Goyo makes it an attachment",
    "encoded-letter": "a letter inside base64 or quoted-printable; Goyo opens it",
    "python-header-stopped": "a header line Python does not accept made it end the header early",
    "python-stale-html-charset": "no charset was declared; Goyo took the one in <meta>",
    "python-escape-in-ascii": "ISO-2022 escape sequences in text declared as something else",
    "python-other-message": "Python opens any message/*; the inside here is no letter",
    "python-name-undecoded": "Python leaves the file name encoded or undecodable",
    "python-kept-transport-blanks": "blanks before line ends of quoted-printable belong to the transport (RFC 2045 6.7)",
    "python-gave-up-on-base64": "base64 with one digit too many: Python returns it undecoded",
    "python-transfer-encoding": "Python does not know the transfer encoding because of a blank or comment in it",
    "python-content-type": "a forgotten semicolon or a folded boundary in Content-Type",
    "python-latin1-controls": "bytes 80 to 9F under iso-8859-1 are those of windows-1252 everywhere",
    "python-empty-part": "a part without header and body between two boundary lines is lost",
    "python-big5-table": "Python's Big5 lacks the ETEN characters",
    "damaged-quoted-printable": "an equals sign that is no escape: Python collapses two into one, Goyo keeps them",
    "c1-control": "bytes 80 to 9F that windows-1252 leaves open: U+FFFD in Python, a control in the WHATWG table",
    "text-below-base64": "a footer below the base64: Python decodes it as more base64, Goyo keeps it as text",
    "lead-skipped": "empty lines or a byte order mark before the header",
}

# Differences where the letter does not say what it is, and Goyo guesses.
GUESSED = {
    "undeclared-charset": "eight-bit text without a charset: Python shows no characters at all",
    "mislabelled-charset": "the bytes are valid UTF-8 under a Western label",
    "multipart-as-source": "no boundary: the source is shown, in a guessed charset",
}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str) -> str:
    text = text.replace("\r\n", "\n").rstrip("\n")
    return digest(text.encode("utf-8", "surrogatepass"))


def pick(dirs: list[Path], count: int | None, seed: int) -> list[Path]:
    files = []
    for directory in dirs:
        files += [p for p in sorted(directory.rglob("*")) if p.is_file()]
    if count is None or count >= len(files):
        return files
    return sorted(random.Random(seed).sample(files, count))


def file_name(part: email.message.Message) -> str | None:
    name = part.get_filename()
    if name is None:
        return None
    try:
        name = str(email.header.make_header(email.header.decode_header(name)))
    except (LookupError, ValueError, binascii.Error):
        pass
    return safe_name(name)


def safe_name(name: str) -> str | None:
    """The same cleaning Goyo does, so that only the decoding is compared."""
    parts = [p for p in re.split(r"[/\\]", name) if p.strip()]
    if not parts:
        return None
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060-\u2064\ufeff\xad]", "", parts[-1])
    name = re.sub(r'[:*?"<>|]', "_", name).strip().rstrip(". ")
    return name or None


class Leaf:
    """A leaf as Python sees it."""

    def __init__(self, part: email.message.Message):
        self.type = part.get_content_type()
        self.name = file_name(part)
        self.declared = part.get_content_charset()
        self.encoding = str(part.get("content-transfer-encoding", "")).lower()
        self.opaque = part.is_multipart()  # message/delivery-status
        self.bytes = b"" if self.opaque else (part.get_payload(decode=True) or b"")
        self.without_blanks = None
        self.text_below_base64 = self.encoding.strip() == "base64" and (
            re.search(r"[^A-Za-z0-9+/=\s]", str(part._payload)) is not None
        )
        if self.encoding.strip() == "quoted-printable" and not self.opaque:
            source = str(part._payload).encode("ascii", "surrogateescape")  # undecoded
            source = re.sub(rb"[ \t]+(?=\r?\n|\Z)", b"", source)
            self.without_blanks = binascii.a2b_qp(source)
            self.damaged = re.search(rb"=(?![0-9A-Fa-f]{2}|\r?\n|\Z)", source) is not None
        self.charset_failed = False
        self.charset_unknown = False
        if self.type.startswith("multipart/"):
            # No boundary was found: Python keeps the source as a string.
            payload = part.get_payload()
            if isinstance(payload, str):
                self.bytes = payload.encode("utf-8", "surrogateescape")

    def gave_up_on_base64(self) -> bool:
        digits = re.sub(rb"[^A-Za-z0-9+/]", b"", self.bytes)
        return self.encoding.strip() == "base64" and len(digits) % 4 == 1

    def text_digests(self) -> set[str]:
        """Every reading of the text that a careful Python program might get."""
        found = set()
        for charset in (self.declared, "utf-8", "windows-1252", "ascii"):
            if charset is None:
                continue
            try:
                codecs.lookup(charset)
            except (LookupError, ValueError):
                self.charset_unknown = self.charset_unknown or charset == self.declared
                continue
            try:
                found.add(text_digest(self.bytes.decode(charset)))
                if charset == self.declared:
                    return found
            except (UnicodeDecodeError, ValueError):
                if charset == self.declared:
                    self.charset_failed = True
        return found


def leaves(message: email.message.Message) -> list[Leaf]:
    out = []
    stack = [message]
    while stack:
        part = stack.pop()
        if part.is_multipart() and part.get_content_type() != "message/delivery-status":
            stack.extend(reversed(part.get_payload()))
        else:
            out.append(Leaf(part))
    return out


def goyo_leaves(parts: list[dict]) -> list[dict]:
    return [p for p in parts if p.get("sha256") is not None]


def explain_structure(raw: bytes, mine: list[dict], theirs: list[Leaf]) -> str:
    if any(".uu" in p["path"] for p in mine):
        return "uuencode"
    if re.search(rb"(?im)^content-type:\s*message/(rfc822|global|news)", raw) and re.search(
        rb"(?im)^content-transfer-encoding:\s*(base64|quoted-printable)", raw
    ):
        return "encoded-letter"
    if re.match(rb"(\xef\xbb\xbf|[ \t]*\r?\n)", raw):
        return "lead-skipped"
    if any(t.type.startswith("message/") for t in theirs) or re.search(
        rb"(?im)^content-type:\s*message/(?!rfc822|global\s*$|news|delivery-status)", raw
    ):
        return "python-other-message"
    if any(re.search(r"\s", t.type) for t in theirs) or re.search(rb'(?i)boundary="[^"]*\n', raw):
        return "python-content-type"
    if re.search(rb"(?m)^(--[^\s-][^\r\n]*)\r?\n\1\r?$", raw):
        return "python-empty-part"
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    lines = [line for line in re.split(rb"\r\n|\r|\n", head) if line]
    if any(not re.match(rb"(From |[\x21-\x39\x3b-\x7e]*:|[\t ])", line) for line in lines):
        return "python-header-stopped"
    return "unexplained"


def compare_leaf(mine: dict, theirs: Leaf) -> str | None:
    if theirs.opaque:
        return None
    if mine["type"].startswith("message/"):
        return None if mine["type"] == theirs.type else "python-other-message"
    textual = mine.get("charset") is not None
    if textual:
        digests = theirs.text_digests()
        same = mine["sha256"] in digests
        if not same:
            used = mine["charset"]
            if theirs.without_blanks is not None:
                theirs.bytes = theirs.without_blanks
                if mine["sha256"] in theirs.text_digests() | codec_digests(theirs.bytes, used):
                    return "python-kept-transport-blanks"
            if theirs.gave_up_on_base64():
                return "python-gave-up-on-base64"
            if theirs.type.startswith("multipart/"):
                return "multipart-as-source"
            if theirs.text_below_base64:
                return "text-below-base64"
            if theirs.without_blanks is not None and theirs.damaged:
                return "damaged-quoted-printable"
            if theirs.encoding.strip() != theirs.encoding or "(" in theirs.encoding:
                return "python-transfer-encoding"
            if used == "windows-1252" and re.search(rb"[\x81\x8d\x8f\x90\x9d]", theirs.bytes):
                return "c1-control"
            own = codec_digests(theirs.bytes, used)
            explained = not own or mine["sha256"] in own
            if theirs.charset_unknown and explained:
                return "python-unknown-charset"
            if theirs.charset_failed and explained:
                return "python-charset-failed"
            if b"\x1b" in theirs.bytes and explained:
                return "python-escape-in-ascii"
            if b"begin " in theirs.bytes:
                return "uuencode"
            if theirs.declared is None and explained:
                if mine["type"] == "text/html" and b"charset=" in theirs.bytes[:2048].lower():
                    return "python-stale-html-charset"
                return "undeclared-charset"
            if explained and (theirs.declared, used) == ("iso-8859-1", "windows-1252"):
                return "python-latin1-controls"
            if explained and used == "big5":
                return "python-big5-table"
            if explained:
                return "mislabelled-charset"
            return "unexplained-text"
    elif mine["sha256"] != digest(theirs.bytes):
        if theirs.gave_up_on_base64():
            return "python-gave-up-on-base64"
        return "unexplained-bytes"
    if mine.get("name") != theirs.name:
        if theirs.name is None and "%22" in theirs.type:
            return "python-content-type"
        if theirs.name and (
            "=?" in theirs.name
            or "\ufffd" in theirs.name
            or "%" in theirs.name
            or any(0xD800 <= ord(c) < 0xE000 for c in theirs.name)
        ):
            return "python-name-undecoded"
        return "unexplained-name"
    return None


def codec_digests(data: bytes, charset: str) -> set[str]:
    """The text in the charset Goyo says it used, by every codec of Python's that
    may be meant; empty where it has none."""
    # WHATWG names mean the Windows supersets.
    supersets = {
        "euc-kr": ["cp949"],
        "gbk": ["gb18030"],
        "shift_jis": ["cp932"],
        "us-ascii": ["cp1252"],
        "big5": ["cp950", "big5hkscs", "big5"],
    }
    found = set()
    for name in supersets.get(charset, [charset]):
        try:
            found.add(text_digest(data.decode(name, "replace")))
        except (LookupError, ValueError):
            continue
    return found


def compare(raw: bytes, parts: list[dict]) -> Counter:
    found: Counter = Counter()
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    theirs = leaves(message)
    mine = goyo_leaves(parts)
    shapes_agree = len(mine) == len(theirs) and all(
        m["type"] == t.type or t.opaque for m, t in zip(mine, theirs)
    )
    if not shapes_agree:
        # What a Goyo-only attachment was taken from is compared without it.
        without = [p for p in mine if ".uu" not in p["path"]]
        if len(without) != len(theirs) or any(
            m["type"] != t.type for m, t in zip(without, theirs)
        ):
            if len(mine) == len(theirs):
                found[f"type {[(m['type'], t.type) for m, t in zip(mine, theirs) if m['type'] != t.type][0]}"] += 1
            why = explain_structure(raw, mine, theirs)
            if why != "unexplained":
                found = Counter()
            found[why] += 1
            return found
        mine = without
    for m, t in zip(mine, theirs):
        if why := compare_leaf(m, t):
            found[why] += 1
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("maildirs", nargs="+", type=Path)
    options.add_argument("--goyo", default="target/release/goyo")
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--all", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=Path)
    options.add_argument("--verbose", action="store_true", help="name every letter that differs")
    args = options.parse_args()

    files = pick(args.maildirs, None if args.all else args.count, args.seed)
    totals: Counter = Counter()
    examples: dict[str, list[str]] = {}
    same = letters = 0
    for start in range(0, len(files), 200):
        batch = [str(f) for f in files[start : start + 200]]
        done = subprocess.run(
            [args.goyo, "inspect", "--json", *batch], capture_output=True, text=True
        )
        if done.returncode not in (0, 1):
            print(done.stderr, file=sys.stderr)
            return 2
        for line in done.stdout.splitlines():
            report = json.loads(line)
            letters += 1
            found = compare(Path(report["file"]).read_bytes(), report["parts"])
            same += not found
            for why in found:
                totals[why] += 1
                examples.setdefault(why, []).append(report["file"])
    result = {
        "letters": letters,
        "same": same,
        "differences": dict(totals.most_common()),
        "python_is_wrong": sum(n for why, n in totals.items() if why in PYTHON_IS_WRONG),
        "guessed": sum(n for why, n in totals.items() if why in GUESSED),
        "unexplained": sum(n for why, n in totals.items() if why.startswith(("unexplained", "type"))),
    }
    print(f"{letters} letters, {same} read alike")
    for why, number in totals.most_common():
        print(f"{number:6} {why}: {(PYTHON_IS_WRONG | GUESSED).get(why, '')}")
        for name in examples[why][: None if args.verbose else 3]:
            print(f"         {name}")
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")
    return 1 if result["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main())
