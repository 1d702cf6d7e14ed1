#!/usr/bin/env python3
"""Choose letters to compare the drawing of, and write their list.

    benches/render/letters.py [CORPORA] [--count 40] [--seed 3] [--out letters.txt]

CORPORA is what benches/corpora.py laid out. Candidates are letters that show one
HTML body and nothing else, and bring no pictures along (pictures are blocked in
the comparison). Each is described by features: size, nesting of tables, font
elements, style sheets, lists, pictures, frames of colour, languages. The choice
is greedy: the letter whose features have been seen least so far comes next,
equals being drawn by a seeded generator. Copies of one body count once.
"""

import argparse
import os
import random
import re
import sys
from collections import Counter
from pathlib import Path

import mail

FEATURES = {
    "font": rb"<font",
    "center": rb"<center|align=.?center",
    "sheet": rb"<style",
    "inline-style": rb"style=",
    "list": rb"<[uo]l",
    "picture": rb"<img",
    "align-picture": rb"<img[^>]*align=",
    "spacer": rb"<img[^>]*(width|height)=.?1\b",
    "bgcolor": rb"bgcolor",
    "background": rb"background=",
    "blockquote": rb"<blockquote",
    "pre": rb"<pre",
    "hr": rb"<hr",
    "form": rb"<form|<input",
    "span": rb"colspan|rowspan",
    "percent": rb"width=.?\d+%",
    "valign": rb"valign",
    "heading": rb"<h[1-6]",
    "word": rb"mso|MsoNormal",
    "border": rb"border=.?[1-9]",
    "padding": rb"cellpadding",
    "div": rb"<div",
    "doctype": rb"<!doctype",
    "script": rb"<script",
    "marquee": rb"<marquee|<blink|<layer|<ilayer",
    "nested": rb"(?s)<table(?:(?!</table).)*<table(?:(?!</table).)*<table",
    "no-table": rb"\A(?s:(?!<table).)*\Z",
    "float": rb"float\s*:",
    "face": rb"face=|font-family",
    "link-colour": rb"<body[^>]*link=",
    "margins": rb"<body[^>]*margin",
}


def features(html: str, corpus: str) -> set[str]:
    raw = html.encode("utf-8", "replace")
    lower = raw.lower()
    found = {name for name, pattern in FEATURES.items() if re.search(pattern, lower)}
    found.add(f"size-{min(len(raw).bit_length(), 17)}")
    found.add(f"tables-{min(lower.count(b'<table').bit_length(), 6)}")
    found.add(f"corpus-{corpus}")
    for name, low, high in (("hangul", 0xAC00, 0xD7A3), ("kana", 0x3040, 0x30FF), ("han", 0x4E00, 0x9FFF)):
        if any(low <= ord(c) <= high for c in html):
            found.add(name)
    return found


def main() -> int:
    bench = Path(os.environ.get("GOYO_BENCH_DIR") or "/var/tmp/goyo-bench")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="?", type=Path, default=bench / "corpora")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("letters.txt"))
    arguments = parser.parse_args()

    candidates: dict[str, set[str]] = {}
    bodies: set[int] = set()
    for path in sorted(arguments.corpora.glob("*/cur/*")):
        try:
            shown = mail.read(path)
        except (OSError, ValueError, LookupError):
            continue
        if shown is None or not shown.alone or len(shown.html) > 60_000:
            continue
        words = re.sub(r"(?s)<(style|script|title)\b.*?</\1>|<[^>]*>|\W+", "", shown.html)
        if len(words) < 60 or hash(words[:400]) in bodies:
            continue
        bodies.add(hash(words[:400]))
        corpus = path.parts[-3]
        candidates[f"{corpus}/cur/{path.name}"] = features(shown.html, corpus)

    order = random.Random(arguments.seed)
    seen: Counter[str] = Counter()
    chosen: list[str] = []
    names = sorted(candidates)
    while names and len(chosen) < arguments.count:
        order.shuffle(names)
        best = max(names, key=lambda name: sum(1 / (1 + seen[f]) ** 2 for f in candidates[name]))
        names.remove(best)
        chosen.append(best)
        seen.update(candidates[best])
    arguments.out.write_text("".join(f"{name}\n" for name in sorted(chosen)))
    print(f"{len(chosen)} of {len(candidates)} letters chosen; features and how often each:")
    print("  " + ", ".join(f"{name} {count}" for name, count in seen.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
