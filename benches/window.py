#!/usr/bin/env python3
"""Frames of the window in a large mailbox, beside what they may take.

    benches/window.py --frames PROGRAM --goyo PROGRAM [--letters 100000] [--keep DIR] [--urgent]

Makes a profile with a folder of made-up letters (benches/generate.py), a smaller one, and one
letter some 20,000 px long, and runs benches/window.rs on it (`cargo build --release --features
window-tests --bench window`: --frames; the program itself: --goyo). Needs no server and asks
nobody anything. With --keep the profile stays, and is used again.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = (
    "회의에서 나온 의견을 정리했습니다. 다음 주까지 검토하고 답을 주세요. ",
    "The figures of last week stand below, with what has changed since then. ",
)


def long_letter():
    """A newsletter without pictures from elsewhere, about 20,000 px high in a common window."""
    parts = []
    for at in range(73):
        colour = ("#f4efe6", "#e8f0ea", "#eef0f7")[at % 3]
        words = (FIRST[at % 2] * 5).strip()
        rows = "".join(
            f"<tr><td>{at}.{row}</td><td>제품 {row * 7}</td><td align=right>{row * 1234}</td></tr>"
            for row in range(3)
        )
        parts.append(
            f'<div style="background:{colour};border-radius:8px;padding:12px;margin:8px">'
            f"<h3>{at}. 소식 · News</h3><p>{words}</p>"
            f'<table border=1 width="100%">{rows}</table></div>'
        )
    body = "<html><body>" + "\n".join(parts) + "</body></html>"
    head = (
        "From: News <news@list.example>\r\nTo: haneul@mailbox.example\r\nSubject: 긴 소식지\r\n"
        "Message-ID: <long@list.example>\r\nDate: Fri, 20 Nov 2026 11:30:00 +0900\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    )
    return (head + body.replace("\n", "\r\n")).encode()


def fill(profile, goyo, letters, seed, folder, base):
    """Made-up letters in a folder of the profile."""
    made = base / f"letters-{seed}"
    generate = [sys.executable, HERE / "generate.py", made]
    generate += ["--letters", str(letters), "--seed", str(seed)]
    subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
    bring(profile, goyo, made, folder)


def bring(profile, goyo, path, folder):
    command = [goyo, "--profile", profile, "import", "--folder", f"local/{folder}", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", required=True, type=Path)
    parser.add_argument("--goyo", required=True, type=Path)
    parser.add_argument("--letters", default=100_000, type=int)
    parser.add_argument("--keep", type=Path, help="a directory for the profile")
    parser.add_argument("--only", default="", help="measure only this")
    parser.add_argument("--urgent", action="store_true", help="before other programs (root)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goyo-window-") as made:
        base = Path(made)
        profile = (args.keep or base) / "profile"
        if not (profile / "mail.sqlite").exists():
            profile.mkdir(parents=True, exist_ok=True)
            fill(profile, args.goyo, args.letters, 1, "large", base)
            fill(profile, args.goyo, max(args.letters // 100, 200), 2, "small", base)
            (base / "long.eml").write_bytes(long_letter())
            bring(profile, args.goyo, base / "long.eml", "long")
        frames = [args.frames, profile, args.goyo, *([args.only] if args.only else [])]
        if args.urgent:
            frames = ["nice", "-n", "-15", *frames]
        sys.exit(subprocess.run(frames, env=os.environ).returncode)


if __name__ == "__main__":
    main()
