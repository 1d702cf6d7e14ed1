#!/usr/bin/env python3
"""Bring a mailbox from a Dovecot of its own, beside mbsync, and print the ratios.

    benches/sync.py [--letters 30000] [--goyo PROGRAM] [--runs 3]
                    [--maildir DIR]... [--idle 600] [--urgent]

The mailbox is written by benches/generate.py, or copied from DIR (one table each). Before
every first sync the server's index is thrown away; the letters stay in the page cache. Both
programs are measured in the same way:

- first sync: from the start of the program to its end, search included for Goyo; the
  medians of --runs, the two taking turns;
- nothing changed: from the moment the server is called until the program has ended, and
  from its start; the conversation goes through a relay, which counts the round trips;
- the newest 50 letters of the inbox whole in the store, while a proxy makes every round
  trip 50 ms long (connecting takes one and a half before the server hears of it), from the
  first call and from the start of the program;
- new mail in the store, from its delivery, while watching;
- memory: the most that was ever resident;
- --idle: processor time while three accounts are watched and nothing happens.

mbsync writes each letter through to the disk by default (`FSync yes`, once, slow where the
disk is), or leaves that to the system (`FSync no`). Goyo's store is SQLite with a
write-ahead log and `synchronous = NORMAL`: written through whenever the log is folded into
the database, and at the end. --urgent gives all that is measured real-time priority over
other programs on this machine (root). Needs dovecot, mbsync; run as root or not.
"""

import argparse
import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from imap_server import PASSWORD, USER, Dovecot, Relay

HERE = Path(__file__).resolve().parent
RTT = 0.05
SCREENFUL = 50


@dataclass
class Run:
    """A program that was run: when it began and ended, and what it took."""

    since: float
    until: float
    peak: float  # MB
    busy: float  # seconds of processor time
    out: str

    @property
    def took(self):
        return self.until - self.since


def run(command, **how):
    since = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)
    peak = 0
    out, error = [], []
    readers = [
        threading.Thread(target=lambda to=to, pipe=pipe: to.append(pipe.read()))
        for to, pipe in ((out, process.stdout), (error, process.stderr))
    ]
    for reader in readers:
        reader.start()
    status = Path(f"/proc/{process.pid}/status")
    while True:
        # Read while it is still there, though it has ended.
        try:
            for line in status.read_text().splitlines():
                if line.startswith("VmHWM:"):
                    peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        pid, code, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.002)
    until = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(code)
    for reader in readers:
        reader.join()
    text = b"".join(out).decode()
    if process.returncode:
        sys.exit(f"{command}: {process.returncode}\n{b''.join(error).decode()}\n{text[-2000:]}")
    return Run(since, until, peak / 1024, used.ru_utime + used.ru_stime, text)


class Goyo:
    def __init__(self, program, base):
        self.program, self.base = program, base
        self.profile = None
        self.count = 0
        (base / "passphrase").write_text("bench\n")
        self.env = {**os.environ, "GOYO_PASSPHRASE_FILE": str(base / "passphrase")}

    def fresh(self, port):
        """A profile with one account and nothing in it."""
        if self.profile:
            shutil.rmtree(self.profile)
        self.count += 1
        self.profile = self.base / f"profile{self.count}"
        self.add("b", USER, port)

    def add(self, name, user, port):
        add = [self.program, "--profile", self.profile, "account", "add", "--name", name]
        add += ["--email", f"{user}@mailbox.example", "--user", user]
        add += ["--imap", f"127.0.0.1:{port}:plain", "--password-stdin"]
        subprocess.run(add, input=PASSWORD.encode(), env=self.env, check=True, capture_output=True)

    def command(self, *more):
        return [self.program, "--profile", self.profile, "--json", "sync", *more]

    def sync(self):
        ran = run(self.command(), env=self.env)
        done = [json.loads(line) for line in ran.out.splitlines() if '"done"' in line]
        return ran, done[-1]

    def newest(self, count):
        """How many of the newest letters are whole in the store."""
        try:
            store = sqlite3.connect(f"file:{self.profile}/mail.sqlite?mode=ro", uri=True)
            ask = """SELECT count(*) FROM place p JOIN mail m ON m.id = p.mail_id
                     WHERE m.props & 8 = 0 AND p.uid > ?"""
            found = store.execute(ask, [count - SCREENFUL]).fetchone()[0]
            store.close()
            return found
        except sqlite3.Error:
            return 0

    def first_letters(self, relay, count):
        """Until the newest letters are here: from the first call, and from the start."""
        relay.seen.clear()
        since = time.monotonic()
        process = subprocess.Popen(self.command(), env=self.env, stdout=subprocess.DEVNULL)
        while self.newest(count) < min(SCREENFUL, count) and process.poll() is None:
            time.sleep(0.002)
        until = time.monotonic()
        process.kill()
        process.wait()
        return until - relay.seen[0].called, until - since

    def watching(self, accounts):
        """The program while it watches, once everything is in step, and what it says."""
        process = subprocess.Popen(
            self.command("--watch"), env=self.env, stdout=subprocess.PIPE, text=True
        )
        events = (json.loads(line) for line in iter(process.stdout.readline, ""))
        waiting = accounts
        while waiting:
            waiting -= next(events)["event"] == "idle"
        return process, events

    def new_mail(self, server, times):
        process, events = self.watching(1)
        took = []
        for number in range(times):
            letter = f"Subject: news {number}\r\n\r\n{time.time()}\r\n".encode()
            since = time.monotonic()
            server.deliver(letter, f"{int(time.time())}.N{number}.bench")
            while next(events)["event"] != "new":
                pass
            took.append(time.monotonic() - since)
            time.sleep(0.3)
        process.terminate()
        process.wait()
        return took

    def idle(self, seconds):
        """Share of one processor while nothing happens, and wake-ups a second."""
        process, _ = self.watching(3)
        here = Path(f"/proc/{process.pid}")

        def used():
            fields = (here / "stat").read_text().rsplit(")", 1)[1].split()
            busy = sum(int(fields[index]) for index in (11, 12, 13, 14))
            switches = 0
            for task in (here / "task").iterdir():
                for line in (task / "status").read_text().splitlines():
                    if line.startswith("voluntary_ctxt_switches"):
                        switches += int(line.split()[1])
            return busy / os.sysconf("SC_CLK_TCK"), switches

        time.sleep(5)
        (busy, switches), since = used(), time.monotonic()
        time.sleep(seconds)
        (busy2, switches2), took = used(), time.monotonic() - since
        process.terminate()
        process.wait()
        return (busy2 - busy) / took, (switches2 - switches) / took


class Mbsync:
    def __init__(self, base, fsync):
        self.base, self.fsync = base, fsync
        self.where = base / f"mbsync-{fsync}"

    def fresh(self):
        shutil.rmtree(self.where, ignore_errors=True)
        self.where.mkdir()

    def command(self, port):
        rc = self.base / f"mbsyncrc-{self.fsync}"
        rc.write_text(
            f"""FSync {self.fsync}

IMAPAccount a
Host 127.0.0.1
Port {port}
User {USER}
Pass {PASSWORD}
SSLType None
AuthMechs LOGIN

IMAPStore r
Account a

MaildirStore l
Path {self.where}/
Inbox {self.where}/INBOX
SubFolders Verbatim

Channel c
Far :r:
Near :l:
Patterns *
Create Near
SyncState *
"""
        )
        return ["mbsync", "-q", "-c", str(rc), "c"]


def nothing_changed(relay, times, once):
    """From the first call, from the start, and round trips: medians."""
    inner, whole, trips = [], [], 0
    for _ in range(times):
        relay.seen.clear()
        ran = once()
        inner.append(ran.until - relay.seen[0].called)
        whole.append(ran.took)
        trips = sum(one.round_trips for one in relay.seen)
    return statistics.median(inner), statistics.median(whole), trips


def disk_sync(base):
    """How long writing a small file through to the disk takes."""
    took = []
    for number in range(20):
        since = time.monotonic()
        with open(base / f"sync{number}", "wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        took.append(time.monotonic() - since)
    return statistics.median(took)


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parse.add_argument("--letters", type=int, default=30_000)
    parse.add_argument("--maildir", type=Path, action="append", help="instead of generated mail")
    parse.add_argument("--goyo", default="target/release/goyo", metavar="PROGRAM")
    parse.add_argument("--runs", type=int, default=3)
    parse.add_argument("--fsync", choices=("both", "no"), default="both", help="mbsync's setting")
    parse.add_argument("--first", action="store_true", help="first syncs only")
    parse.add_argument("--idle", type=float, default=0, metavar="SECONDS")
    parse.add_argument("--urgent", action="store_true", help="before other programs (root)")
    parse.add_argument("--dir", type=Path, help="where the programs put their mail")
    parse.add_argument("--served", type=Path, help="where the server has its mail")
    ask = parse.parse_args()
    program = str(Path(ask.goyo).resolve())
    for source in ask.maildir or [None]:
        with (
            tempfile.TemporaryDirectory(dir=ask.dir, prefix="goyo-sync-") as base,
            tempfile.TemporaryDirectory(dir=ask.served, prefix="goyo-served-") as served,
        ):
            measure(Path(base), Path(served), ask, program, source)


def version(command):
    said = subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0]
    return f"{command[0]} {said.split(' (')[0].removeprefix(command[0]).strip()}"


def measure(base, served, ask, program, source):
    server = Dovecot(served)
    if source:
        for part in ("cur", "new", "tmp"):
            to = server.maildir / part
            shutil.copytree(source / part, to) if (source / part).is_dir() else to.mkdir()
    else:
        server.maildir.parent.mkdir(parents=True)
        make = [sys.executable, HERE / "generate.py", server.maildir]
        subprocess.run([*make, "--letters", str(ask.letters)], check=True)
    letters = [f for d in ("cur", "new") for f in (server.maildir / d).iterdir()]
    count, size = len(letters), sum(f.stat().st_size for f in letters)
    for user in ("second", "third"):
        server.mailbox(user, letters[:1000] if ask.idle else ())
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", served / "mail"], check=True)
    if ask.urgent:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    server.start()
    try:
        report(base, server, ask, program, count, size, source)
    finally:
        server.stop()
        if ask.urgent:
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def report(base, server, ask, program, count, size, source):
    goyo = Goyo(program, base)
    quick, slow = Relay(server.port), Relay(server.port, RTT)
    peers = {"no": Mbsync(base, "no")}
    if ask.fsync == "both":
        peers["yes"] = Mbsync(base, "yes")
    versions = [version(["dovecot", "--version"]), version(["mbsync", "--version"])]
    print(
        f"{source or 'generated'}: {count} letters, {size / 1e6:.0f} MB; {os.cpu_count()} "
        f"processors, {platform.machine()}; {', '.join(versions)}; writing 4 kB through to "
        f"the disk takes {disk_sync(base) * 1000:.1f} ms; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    firsts = {"no": [], "yes": [], "goyo": []}

    def first_mbsync(fsync):
        peers[fsync].fresh()
        server.forget()
        ran = run(peers[fsync].command(server.port))
        firsts[fsync].append(ran)
        print(f"mbsync, FSync {fsync}: first {ran.took:.2f} s ({ran.busy:.1f} s busy), "
              f"{ran.peak:.0f} MB", flush=True)

    for _ in range(ask.runs):
        first_mbsync("no")
        goyo.fresh(server.port)
        server.forget()
        ran, done = goyo.sync()
        assert done["messages_new"] == count and not done["errors"], done
        firsts["goyo"].append(ran)
        print(f"goyo: first {ran.took:.2f} s ({ran.busy:.1f} s busy), {ran.peak:.0f} MB, "
              f"{done['round_trips']} round trips", flush=True)
    if "yes" in peers:
        first_mbsync("yes")

    rows = []

    def beside(name, target, ours, theirs, digits=2):
        """A row with what the others take; the target is a share of the quicker one."""
        cells = []
        for fsync in ("no", "yes"):
            value = theirs.get(fsync)
            cells += (
                [f"{value:.{digits}f} s", f"{ours / value:.3f}"] if value else ["", ""]
            )
        no, no_ratio, yes, yes_ratio = cells
        goal, met = "", ""
        if target:
            goal, met = f"≤ {target} ×", "yes" if ours / theirs["no"] <= target else "no"
        rows.append([name, goal, f"{ours:.{digits}f} s", no, no_ratio, yes, yes_ratio, met])

    def alone(name, target, ours, unit, digits, note=""):
        met = "yes" if ours <= target else "no"
        unit = f" {unit}".rstrip()
        rows.append([name, f"≤ {target}{unit}", f"{ours:.{digits}f}{unit}{note}",
                     "", "", "", "", met])

    def took(which):
        return statistics.median(ran.took for ran in firsts[which])

    theirs = {fsync: took(fsync) for fsync in peers}
    beside("first sync, search included", 0.6, took("goyo"), theirs)
    peak = max(ran.peak for ran in firsts["goyo"])
    mbsync_peak = max(ran.peak for ran in firsts["no"])
    alone("memory while it does", 150, peak, "MB", 0, f" (mbsync {mbsync_peak:.0f} MB)")
    if not ask.first:
        goyo.fresh(quick.port)
        goyo.sync()
        inner, whole, trips = nothing_changed(quick, ask.runs + 4, lambda: goyo.sync()[0])
        others = {}
        for fsync, peer in peers.items():
            # Anew: throwing the server's index away has given its letters other UIDs.
            peer.fresh()
            run(peer.command(quick.port))
            others[fsync] = nothing_changed(
                quick, ask.runs + 4, lambda peer=peer: run(peer.command(quick.port))
            )
        beside("nothing changed, from connecting to the end", 0.1, inner,
               {fsync: other[0] for fsync, other in others.items()}, digits=3)
        # Goyo opens the file of passwords first (argon2): no keyring is needed here.
        beside("nothing changed, from the program's start", None, whole,
               {fsync: other[1] for fsync, other in others.items()}, digits=3)
        theirs = others["no"][2]
        alone("round trips of that, one folder, log-in included", 8, trips, "", 0,
              f" (mbsync {theirs})")
        early = []
        for _ in range(ask.runs):
            goyo.fresh(slow.port)
            early.append(goyo.first_letters(slow, count))
        calls, starts = (statistics.median(column) for column in zip(*early, strict=True))
        alone("newest 50 letters readable at 50 ms, from connecting", 1, calls, "s", 2,
              f" ({starts:.2f} s from the program's start)")
        goyo.fresh(server.port)
        goyo.sync()
        news = goyo.new_mail(server, 10)
        alone("new mail visible after its delivery", 1, statistics.median(news), "s", 2,
              f" (at most {max(news):.2f} s)")
    if ask.idle:
        goyo.fresh(server.port)
        for user in ("second", "third"):
            goyo.add(user, user, server.port)
        goyo.sync()
        share, wakes = goyo.idle(ask.idle)
        alone(f"processor while idle, three accounts, {ask.idle:.0f} s", 0.2, share * 100, "%", 3,
              f" ({wakes:.1f} wake-ups a second)")

    print()
    heads = ["work", "target", "goyo", "mbsync, FSync no", "ratio", "mbsync, FSync yes", "ratio",
             "met"]
    for row in [heads, ["---"] * len(heads), *rows]:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


if __name__ == "__main__":
    main()
