#!/usr/bin/env python3
"""Measure goyo's import beside notmuch and mu on the same Maildir.

    benches/compare.py [MAILDIR] [--letters N] [--goyo PATH] [--peers-only]
                       [--repeat N] [--json FILE]

Each tool starts from nothing and takes the whole Maildir in: goyo copies the
mail and indexes it, notmuch and mu only index it. They run one after the other
in one go, with the files read once before each, because times are only
comparable on the same machine in the same state. Without a MAILDIR, one of N
letters (30,000) is generated in $GOYO_BENCH_DIR and kept for the next time.

Peak memory is that of the process together with its children. Peers that are
not installed are left out.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What goyo promises, as a share of the peer's figure or of the raw mail.
TIME_TARGET = 0.1
STORE_TARGET = 0.6


@dataclass
class Run:
    seconds: float
    cpu: float
    peak: int
    store: int
    letters: int | None
    note: str = ""


@dataclass(frozen=True)
class Tool:
    name: str
    version: str
    measure: Callable[[Path, Path], Run]  # Maildir, empty directory to work in


class Failed(Exception):
    pass


# ------------------------------------------------------------------- measuring


def resident(pid: int) -> int:
    """Bytes resident in a process and its descendants; 0 once it is gone."""
    total = 0
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        total = pages * os.sysconf("SC_PAGE_SIZE")
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                total += resident(int(child))
    except (OSError, IndexError):
        pass
    return total


def timed(command: list[str], environment: dict[str, str], work: Path) -> tuple[float, float, int]:
    """Run a command; its wall time, CPU time and peak memory in bytes.

    The kernel's figure is exact but counts one process only, so the sum over
    children is sampled beside it, and the larger one holds.
    """
    peak = 0
    over = threading.Event()
    with open(work / "stdout", "wb") as out, open(work / "stderr", "wb") as err:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment, cwd=work
        )

        def sample() -> None:
            nonlocal peak
            while not over.wait(0.1):
                peak = max(peak, resident(process.pid))

        sampler = threading.Thread(target=sample, daemon=True)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        over.set()
        sampler.join()
    if process.returncode != 0:
        last = (work / "stderr").read_text(errors="replace").strip().splitlines()[-3:]
        raise Failed(f"`{' '.join(command[:3])} …` ended with {process.returncode}: {last}")
    return seconds, usage.ru_utime + usage.ru_stime, max(peak, usage.ru_maxrss * 1024)


def size_of(directory: Path) -> int:
    return sum(path.lstat().st_size for path in directory.rglob("*") if path.is_file())


def letters_in(maildir: Path) -> list[Path]:
    """The letters of a Maildir and of its Maildir++ folders."""
    found = []
    for root in [maildir, *(p for p in maildir.glob(".*") if p.is_dir())]:
        for part in ("cur", "new"):
            if (root / part).is_dir():
                found += [entry for entry in (root / part).iterdir() if entry.is_file()]
    return found


def warm(letters: list[Path]) -> None:
    """Read everything once, so that no tool pays for the disk and the next does not."""
    for letter in letters:
        letter.read_bytes()


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Nobody's own configuration takes part."""
    home.mkdir()
    kept = {
        key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR") if key in os.environ
    }
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home), **more}


def output(command: list[str], environment: dict[str, str] | None = None) -> str:
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    ).stdout.strip()


# ----------------------------------------------------------------------- tools


def goyo(binary: Path) -> Tool:
    def measure(maildir: Path, work: Path) -> Run:
        profile = work / "profile"
        command = [
            *(str(binary), "--profile", str(profile)),
            *("import", str(maildir), "--folder", "local/bench", "--json"),
        ]
        seconds, cpu, peak = timed(command, clean_environment(work / "home"), work)
        try:
            facts = json.loads((work / "stdout").read_text().strip().splitlines()[-1])
            imported, duplicate, broken = (facts[k] for k in ("imported", "duplicate", "broken"))
        except (IndexError, KeyError, ValueError) as error:
            raise Failed("import printed no object with its counts as its last line") from error
        note = ", ".join(
            f"{n} {what}" for n, what in ((duplicate, "duplicate"), (broken, "broken")) if n
        )
        return Run(seconds, cpu, peak, size_of(profile), imported + duplicate, note)

    return Tool("goyo", output([str(binary), "--version"]).removeprefix("goyo "), measure)


def notmuch() -> Tool:
    def measure(maildir: Path, work: Path) -> Run:
        database = work / "database"
        database.mkdir()
        config = work / "config"
        config.write_text(
            f"[database]\npath={database}\nmail_root={maildir}\nhook_dir={work / 'hooks'}\n"
            "[user]\nname=Bench\nprimary_email=bench@mailbox.example\n"
            "[new]\ntags=unread;inbox;\n[maildir]\nsynchronize_flags=true\n"
        )
        environment = clean_environment(work / "home", NOTMUCH_CONFIG=str(config))
        seconds, cpu, peak = timed(["notmuch", "new", "--quiet"], environment, work)
        count = output(["notmuch", "count", "--output=files", "*"], environment)
        return Run(seconds, cpu, peak, size_of(database), int(count) if count.isdigit() else None)

    return Tool("notmuch", output(["notmuch", "--version"]).removeprefix("notmuch "), measure)


def mu() -> Tool:
    def measure(maildir: Path, work: Path) -> Run:
        database = work / "database"
        environment = clean_environment(work / "home")
        store = f"--muhome={database}"
        init = ["mu", "init", store, f"--maildir={maildir}", "--my-address=bench@mailbox.example"]
        first = timed([*init, "--quiet"], environment, work)
        second = timed(["mu", "index", store, "--quiet", "--nocolor"], environment, work)
        found = output(["mu", "find", store, "--fields=p", ""], environment)
        return Run(
            first[0] + second[0],
            first[1] + second[1],
            max(first[2], second[2]),
            size_of(database),
            len(found.splitlines()) or None,
        )

    return Tool("mu", output(["mu", "--version"]).partition("version ")[2].split()[0], measure)


# ---------------------------------------------------------------------- report


def median_run(runs: list[Run]) -> Run:
    """The run in the middle by time; its other figures belong to it."""
    middle = statistics.median_low(run.seconds for run in runs)
    return next(run for run in runs if run.seconds == middle)


def table(results: dict[str, Run], versions: dict[str, str], letters: int, raw: int) -> str:
    head = f"{'':16}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'store MB':>10}{'store/raw':>11}{'letters':>10}"
    lines = [f"{letters:,} letters, {raw / 1e6:,.1f} MB", "", head]
    for name, run in results.items():
        # What differs from the number of files is said, not hidden.
        missing = "" if run.letters in (letters, None) else f"  of {letters:,}"
        count = "?" if run.letters is None else f"{run.letters:,}"
        lines.append(
            f"{name + ' ' + versions[name]:16.16}{run.seconds:9.2f}{run.cpu:9.2f}{run.peak / 1e6:9.1f}"
            f"{run.store / 1e6:10.1f}{run.store / raw:11.2f}{count:>10}{missing}"
            + (f"  ({run.note})" if run.note else "")
        )
    ours = results.get("goyo")
    if ours:
        lines.append("")
        for name, run in results.items():
            if name == "goyo":
                continue
            lines.append(
                f"{'goyo/' + name:16}{ours.seconds / run.seconds:9.3f}{ours.cpu / run.cpu:9.3f}"
                f"{ours.peak / run.peak:9.3f}{ours.store / run.store:10.3f}"
            )
        wanted = [f"store/raw ≤ {STORE_TARGET}: {verdict(ours.store / raw, STORE_TARGET)}"]
        if "notmuch" in results:
            share = ours.seconds / results["notmuch"].seconds
            wanted.insert(0, f"time ≤ {TIME_TARGET} × notmuch: {verdict(share, TIME_TARGET)}")
        lines += ["", "targets: " + "; ".join(wanted)]
    return "\n".join(lines)


def verdict(value: float, target: float) -> str:
    return f"{'met' if value <= target else 'missed'} ({value:.3f})"


def generated(letters: int, bench: Path) -> Path:
    name = f"gen{letters // 1000}k" if letters % 1000 == 0 else f"gen{letters}"
    maildir = bench / name
    if not maildir.is_dir():
        partial = bench / f"{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        bench.mkdir(parents=True, exist_ok=True)
        # In a process of its own: its memory would count as the tools' otherwise.
        subprocess.run(
            [sys.executable, str(HERE / "generate.py"), str(partial), "--letters", str(letters)],
            check=True,
        )
        partial.rename(maildir)
    return maildir


def main() -> int:
    bench = Path(os.environ.get("GOYO_BENCH_DIR") or "/var/tmp/goyo-bench")
    target = Path(os.environ.get("CARGO_TARGET_DIR") or HERE.parent / "target")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("maildir", nargs="?", type=Path)
    parser.add_argument("--letters", type=int, default=30_000, help="when generating")
    parser.add_argument("--goyo", type=Path, default=target / "release" / "goyo")
    parser.add_argument("--peers-only", action="store_true")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the median counts")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()

    tools = []
    if not arguments.peers_only:
        if not os.access(arguments.goyo, os.X_OK):
            parser.error(f"no program at {arguments.goyo}; build it with `cargo build --release`")
        tools.append(goyo(arguments.goyo.resolve()))
    tools += [make() for name, make in (("notmuch", notmuch), ("mu", mu)) if shutil.which(name)]

    maildir = (arguments.maildir or generated(arguments.letters, bench)).resolve()
    letters = letters_in(maildir)
    if not letters:
        parser.error(f"{maildir} holds no letters")
    raw = sum(letter.stat().st_size for letter in letters)

    runs: dict[str, list[Run]] = {}
    failed = False
    for _ in range(max(1, arguments.repeat)):
        for tool in tools:
            warm(letters)
            # Beside the mail rather than in /tmp, which may be memory.
            with tempfile.TemporaryDirectory(
                prefix=f"compare-{tool.name}-", dir=base(bench)
            ) as work:
                try:
                    runs.setdefault(tool.name, []).append(tool.measure(maildir, Path(work)))
                except (Failed, OSError) as error:
                    print(f"{tool.name}: {error}", file=sys.stderr)
                    failed = True
    results = {name: median_run(done) for name, done in runs.items() if done}
    versions = {tool.name: tool.version for tool in tools}
    print(table(results, versions, len(letters), raw))
    if arguments.json:
        figures = {name: vars(run) | {"version": versions[name]} for name, run in results.items()}
        facts = {"letters": len(letters), "bytes": raw, "tools": figures}
        arguments.json.write_text(json.dumps(facts, indent=1) + "\n")
    return 1 if failed else 0


def base(bench: Path) -> Path:
    bench.mkdir(parents=True, exist_ok=True)
    return bench


if __name__ == "__main__":
    sys.exit(main())
