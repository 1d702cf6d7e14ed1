#!/usr/bin/env python3
"""The window while letters arrive: frames, and whether its progress is true.

    benches/arriving.py --frames PROGRAM --goyo PROGRAM [--letters 30000]

Starts a Dovecot of its own with a mailbox of benches/generate.py, makes a profile with that
account, and runs benches/arriving.rs on it (`cargo build --release --features window-tests
--bench arriving`: --frames; the program itself: --goyo). Needs dovecot.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from imap_server import PASSWORD, USER, Dovecot

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--frames", required=True, type=Path)
    parser.add_argument("--goyo", required=True, type=Path)
    parser.add_argument("--letters", default=30_000, type=int)
    parser.add_argument("--urgent", action="store_true", help="before other programs (root)")
    parser.add_argument("--mailbox", type=Path, help="letters to use, one a file")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goyo-arriving-") as made:
        base = Path(made)
        letters = args.mailbox
        if letters is None:
            letters = base / "letters"
            subprocess.run(
                [sys.executable, HERE / "generate.py", letters, "--letters", str(args.letters)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        found = sorted(path for path in letters.rglob("*") if path.is_file())[: args.letters]
        server = Dovecot(base)
        server.mailbox(USER, found)
        server.start()
        try:
            (base / "passphrase").write_text("bench\n")
            env = {**os.environ, "GOYO_PASSPHRASE_FILE": str(base / "passphrase")}
            profile = base / "profile"
            add = [args.goyo, "--profile", profile, "account", "add", "--name", "bench"]
            add += ["--email", f"{USER}@mailbox.example", "--user", USER]
            add += ["--imap", f"127.0.0.1:{server.port}:plain", "--password-stdin"]
            subprocess.run(add, input=PASSWORD.encode(), env=env, check=True, capture_output=True)
            frames = [args.frames, profile, args.goyo, str(len(found))]
            if args.urgent:
                frames = ["nice", "-n", "-15", *frames]
            ended = subprocess.run(frames, env=env)
            sys.exit(ended.returncode)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
