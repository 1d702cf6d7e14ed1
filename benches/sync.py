#!/usr/bin/env python3
"""Bring a mailbox from a Dovecot of its own, beside mbsync, and print the ratios.

    benches/sync.py [--letters 30000] [--maildir DIR] [--goyo PROGRAM] [--runs 3]

The mailbox is written by benches/generate.py, or copied from DIR. Before every first sync
the server's index is thrown away; the letters stay in the page cache. What is measured:

- first sync: from the start of the program to its end, search included for Goyo;
- nothing changed: mbsync from start to end; Goyo from connecting to the end, and from
  start to end;
- the first 50 letters of the inbox readable, from the start of the program, through a
  proxy that makes every round trip 50 ms long;
- new mail in the store, from its delivery, while watching;
- memory: the most that was ever resident.

mbsync writes each letter through to the disk by default (`FSync yes`); the line without is
the fairer one where the disk is slow. Needs dovecot, mbsync; run as root or not.
"""

import argparse
import asyncio
import json
import os
import pwd
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER, PASSWORD = "bench", "pass"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Dovecot:
    def __init__(self, base):
        self.base = base
        self.port = free_port()
        root = os.getuid() == 0
        uid, gid = (65534, 65534) if root else (os.getuid(), os.getgid())
        me = pwd.getpwuid(os.getuid()).pw_name
        inner = "" if root else f"default_login_user = {me}\ndefault_internal_user = {me}\n"
        chroot = "" if root else "  chroot =\n"
        base.chmod(0o755)
        (base / "dovecot.conf").write_text(
            f"""base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
{inner}passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
{chroot}  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
{chroot}}}
"""
        )
        self.maildir = base / "mail" / USER / "Maildir"
        self.owner = (uid, gid)

    def own(self, path):
        if os.getuid() == 0:
            os.chown(path, *self.owner)

    def start(self):
        for path in [self.base / "mail", self.base / "mail" / USER, self.maildir]:
            path.mkdir(exist_ok=True)
            self.own(path)
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"},
        )
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    if s.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            time.sleep(0.05)
        sys.exit("Dovecot does not start:\n" + (self.base / "log").read_text())

    def forget(self):
        """Throws its index away, as if the letters had just come."""
        for path in self.maildir.glob("dovecot*"):
            path.unlink()

    def deliver(self, letter, name):
        half, whole = self.maildir / "tmp" / name, self.maildir / "new" / name
        half.write_bytes(letter)
        self.own(half)
        half.rename(whole)


class Slow:
    """A proxy that makes every round trip this long."""

    def __init__(self, to, rtt):
        self.to, self.half = to, rtt / 2
        self.port = free_port()
        ready = threading.Event()

        async def serve():
            server = await asyncio.start_server(self.carry, "127.0.0.1", self.port)
            ready.set()
            async with server:
                await server.serve_forever()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
        ready.wait()

    async def carry(self, reader, writer):
        # The way there and back that opening the connection takes.
        await asyncio.sleep(2 * self.half)
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        await asyncio.gather(self.pump(reader, back), self.pump(there, writer))

    async def pump(self, reader, writer):
        queue = asyncio.Queue()

        async def late():
            while True:
                at, data = await queue.get()
                await asyncio.sleep(max(0, at - time.monotonic()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        task = asyncio.create_task(late())
        while True:
            try:
                data = await reader.read(65536)
            except OSError:
                data = b""
            await queue.put((time.monotonic() + self.half, data))
            if not data:
                break
        try:
            await task
        except OSError:
            pass


def measured(command, **how):
    """Runs it; seconds, and the most memory it had resident, in MB."""
    since = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)
    peak = [0]

    def watch():
        while process.poll() is None:
            try:
                for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        peak[0] = max(peak[0], int(line.split()[1]))
            except OSError:
                return
            time.sleep(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, error = process.communicate()
    took = time.monotonic() - since
    watcher.join()
    if process.returncode:
        sys.exit(f"{command}: {process.returncode}\n{error.decode()}\n{out.decode()[-2000:]}")
    return took, peak[0] / 1024, out.decode()


class Goyo:
    def __init__(self, program, base):
        self.program, self.base = program, base
        self.count = 0
        (base / "passphrase").write_text("bench\n")
        self.env = {**os.environ, "GOYO_PASSPHRASE_FILE": str(base / "passphrase")}

    def fresh(self, port):
        if self.count:
            shutil.rmtree(self.profile)
        self.count += 1
        self.profile = self.base / f"profile{self.count}"
        add = [self.program, "--profile", self.profile, "account", "add", "--name", "b"]
        add += ["--email", "bench@mailbox.example", "--user", USER]
        add += ["--imap", f"127.0.0.1:{port}:plain", "--password-stdin"]
        subprocess.run(add, input=PASSWORD.encode(), env=self.env, check=True, capture_output=True)

    def command(self, *more):
        return [self.program, "--profile", self.profile, "--json", "sync", *more]

    def sync(self):
        took, peak, out = measured(self.command(), env=self.env)
        done = [json.loads(line) for line in out.splitlines() if '"done"' in line]
        return took, peak, done[-1]

    def letters(self):
        """Whole letters in the store."""
        try:
            store = sqlite3.connect(f"file:{self.profile}/mail.sqlite?mode=ro", uri=True)
            ask = "SELECT count(*) FROM place p JOIN mail m ON m.id = p.mail_id WHERE m.props & 8 = 0"
            return store.execute(ask).fetchone()[0]
        except sqlite3.Error:
            return 0

    def first_letters(self, count):
        since = time.monotonic()
        process = subprocess.Popen(self.command(), env=self.env, stdout=subprocess.DEVNULL)
        while self.letters() < count and process.poll() is None:
            time.sleep(0.005)
        took = time.monotonic() - since
        process.terminate()
        process.wait()
        return took

    def new_mail(self, server, times):
        process = subprocess.Popen(
            self.command("--watch"), env=self.env, stdout=subprocess.PIPE, text=True
        )
        events = iter(process.stdout.readline, "")

        def wait(kind):
            for line in events:
                if json.loads(line)["event"] == kind:
                    return

        wait("idle")
        took = []
        for number in range(times):
            letter = f"Subject: news {number}\r\n\r\n{time.time()}\r\n".encode()
            since = time.monotonic()
            server.deliver(letter, f"{int(time.time())}.N{number}.bench")
            wait("new")
            took.append(time.monotonic() - since)
            time.sleep(0.3)
        process.terminate()
        process.wait()
        return took


def mbsync(server, base, fsync):
    where = base / f"mbsync-{fsync}"
    shutil.rmtree(where, ignore_errors=True)
    where.mkdir()
    rc = base / "mbsyncrc"
    rc.write_text(
        f"""FSync {fsync}

IMAPAccount a
Host 127.0.0.1
Port {server.port}
User {USER}
Pass {PASSWORD}
SSLType None
AuthMechs LOGIN

IMAPStore r
Account a

MaildirStore l
Path {where}/
Inbox {where}/INBOX
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


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parse.add_argument("--letters", type=int, default=30_000)
    parse.add_argument("--maildir", type=Path)
    parse.add_argument("--goyo", default="target/release/goyo")
    parse.add_argument("--runs", type=int, default=3)
    parse.add_argument("--dir", type=Path, help="where the programs put their mail")
    parse.add_argument("--served", type=Path, help="where the server has its mail")
    ask = parse.parse_args()
    program = str(Path(ask.goyo).resolve())
    with (
        tempfile.TemporaryDirectory(dir=ask.dir, prefix="goyo-sync-") as base,
        tempfile.TemporaryDirectory(dir=ask.served, prefix="goyo-served-") as served,
    ):
        run(Path(base), Path(served), ask, program)


def run(base, served, ask, program):
    server = Dovecot(served)
    (served / "mail" / USER).mkdir(parents=True)
    if ask.maildir:
        shutil.copytree(ask.maildir, server.maildir)
    else:
        make = [sys.executable, HERE / "generate.py", server.maildir]
        subprocess.run([*make, "--letters", str(ask.letters)], check=True)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", served / "mail"], check=True)
    size = sum(f.stat().st_size for d in ("cur", "new") for f in (server.maildir / d).iterdir())
    count = sum(1 for d in ("cur", "new") for _ in (server.maildir / d).iterdir())
    print(f"{count} letters, {size / 1e6:.0f} MB", flush=True)
    server.start()
    goyo = Goyo(program, base)
    try:
        rows = {}
        for fsync in ("no", "yes"):
            command = mbsync(server, base, fsync)
            server.forget()
            took, peak, _ = measured(command)
            again = [measured(command)[0] for _ in range(ask.runs)]
            rows[fsync] = (took, peak, statistics.median(again))
            print(f"mbsync, FSync {fsync}: first {took:.1f} s, {peak:.0f} MB; "
                  f"nothing changed {rows[fsync][2]:.3f} s", flush=True)
            shutil.rmtree(base / f"mbsync-{fsync}")
        firsts = []
        for _ in range(ask.runs):
            server.forget()
            goyo.fresh(server.port)
            took, peak, done = goyo.sync()
            assert done["messages_new"] == count, done
            firsts.append((took, peak))
            print(f"goyo: first {took:.2f} s, {peak:.0f} MB, {done['round_trips']} round trips",
                  flush=True)
        first = statistics.median(took for took, _ in firsts)
        again = [goyo.sync() for _ in range(ask.runs + 2)]
        whole = statistics.median(took for took, _, _ in again)
        inner = statistics.median(done["ms"] for _, _, done in again) / 1000
        trips = again[-1][2]["round_trips"]
        print(f"goyo: nothing changed {inner:.3f} s from connect, {whole:.3f} s with its start, "
              f"{trips} round trips for {again[-1][2]['folders']} folders", flush=True)
        news = goyo.new_mail(server, 10)
        slow = Slow(server.port, 0.05)
        early = []
        for _ in range(ask.runs):
            goyo.fresh(slow.port)
            early.append(goyo.first_letters(50))
        print()
        print("| work | mbsync | mbsync, FSync no | goyo | ratio | ratio, FSync no |")
        print("|---|---|---|---|---|---|")
        for name, index, ours in (("first sync", 0, first), ("nothing changed", 2, inner)):
            yes, no = rows["yes"][index], rows["no"][index]
            print(f"| {name} | {yes:.3f} s | {no:.3f} s | {ours:.3f} s "
                  f"| {ours / yes:.3f} | {ours / no:.3f} |")
        print(f"| memory | {rows['yes'][1]:.0f} MB | | {max(p for _, p in firsts):.0f} MB | | |")
        print(f"| first 50 letters at 50 ms | | | {statistics.median(early):.2f} s "
              f"({', '.join(f'{t:.2f}' for t in early)}) | | |")
        print(f"| new mail shows after | | | {statistics.median(news) * 1000:.0f} ms, "
              f"at most {max(news) * 1000:.0f} ms | | |")
    finally:
        server.process.terminate()
        server.process.wait()


if __name__ == "__main__":
    main()
