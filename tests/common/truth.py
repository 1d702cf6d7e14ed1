#!/usr/bin/env python3
"""What an IMAP server really holds, read by a client that shares nothing with Goyo,
and that client's hands: it changes the mailbox as a second program would.

    truth.py WHERE read [FOLDER...]     JSON lines: a folder, then its letters
    truth.py WHERE act                  reads JSON lines, answers each with one
    truth.py WHERE hands                the same for any user: {"user", "password", "do", ...};
                                        {"do": "read"} answers {"lines"} as of `read`,
                                        {"do": "leave"} logs out

WHERE: --port N [--host H] [--security plain|starttls|tls] [--ca FILE] --user U --password P
(`hands` needs no --user)

A folder's line: {"folder", "uidvalidity", "uidnext", "messages", "highestmodseq"?,
"subscribed", "attributes"}. A letter's: {"folder", "uid", "flags", "sha256", "size"}.
Names of folders are decoded; flags are as the server writes them, sorted, without
\\Recent.

Acts: {"do": VERB, ...}. See `ACTS` below. An answer: {"ok": true, ...} or
{"ok": false, "error": TEXT}.
"""

import argparse
import base64
import hashlib
import imaplib
import json
import re
import ssl
import sys

imaplib._MAXLINE = 100_000_000  # what a server says of 100,000 letters is one line
BATCH = 500


def utf7(name):
    """Modified UTF-7 (RFC 3501, 5.1.3)."""
    out, run = bytearray(), ""

    def flush():
        nonlocal run
        if run:
            packed = base64.b64encode(run.encode("utf-16-be")).rstrip(b"=")
            out.extend(b"&" + packed.replace(b"/", b",") + b"-")
            run = ""

    for char in name:
        if " " <= char <= "~":
            flush()
            out.extend(b"&-" if char == "&" else char.encode())
        else:
            run += char
    flush()
    return bytes(out)


def from_utf7(raw):
    def piece(match):
        inner = match.group(1)
        if not inner:
            return "&"
        padded = inner.replace(b",", b"/") + b"=" * (-len(inner) % 4)
        return base64.b64decode(padded).decode("utf-16-be")

    out, at = "", 0
    for match in re.finditer(rb"&([^-]*)-", raw):
        out += raw[at : match.start()].decode() + piece(match)
        at = match.end()
    return out + raw[at:].decode()


def quoted(name):
    raw = utf7(name).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    return (b'"' + raw + b'"').decode()


class Refused(Exception):
    pass


def good(answer, what):
    status, data = answer
    if status != "OK":
        raise Refused(f"{what}: {status} {data}")
    return data


def connect(at):
    context = ssl.create_default_context(cafile=at.ca)
    if at.security == "tls":
        box = imaplib.IMAP4_SSL(at.host, at.port, ssl_context=context)
    else:
        box = imaplib.IMAP4(at.host, at.port)
        if at.security == "starttls":
            box.starttls(context)
    box.login(at.user, at.password)
    return box


LISTED = re.compile(rb'\((?P<attributes>[^)]*)\) (?:"(?P<sep>[^"]*)"|NIL) (?P<name>.*)$', re.S)


def folders(box, how="LIST"):
    """(name, attributes) of each folder."""
    found = []
    for line in good(box._simple_command(how, '""', '"*"'), how) and box._untagged_response(
        "OK", [None], how
    )[1]:
        if line is None:
            continue
        if isinstance(line, tuple):  # the name came as a literal
            match, name = LISTED.match(line[0].rsplit(b"{", 1)[0]), line[1]
        else:
            match = LISTED.match(line)
            name = match.group("name")
            if name.startswith(b'"'):
                name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
        found.append((from_utf7(name), sorted(match.group("attributes").decode().split())))
    return sorted(found)


def number(box, name):
    value = box.untagged_responses.get(name, [None])[-1]
    return int(value) if value is not None else None


UID = re.compile(rb"\bUID (\d+)")
FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")


def letters(box, count):
    """Uid, flags, bytes of every letter of the open folder."""
    for first in range(1, count + 1, BATCH):
        last = min(first + BATCH - 1, count)
        data = good(box.fetch(f"{first}:{last}", "(UID FLAGS BODY.PEEK[])"), "FETCH")
        at = 0
        while at < len(data):
            if not isinstance(data[at], tuple):
                at += 1
                continue
            # Items may come before and after the literal.
            said, body = data[at]
            after = data[at + 1] if at + 1 < len(data) and isinstance(data[at + 1], bytes) else b""
            said = said + b" " + after
            flags = FLAGS.search(said).group(1).decode().split()
            yield int(UID.search(said).group(1)), sorted(f for f in flags if f != "\\Recent"), body
            at += 1


def say(value):
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def read(box, only, say=say):
    subscribed = {name for name, _ in folders(box, "LSUB")}
    for name, attributes in folders(box):
        if only and name not in only:
            continue
        if {"\\Noselect", "\\NonExistent"} & set(attributes):
            say({"folder": name, "attributes": attributes, "subscribed": name in subscribed})
            continue
        count = int(good(box.select(quoted(name), readonly=True), "EXAMINE")[0])
        say(
            {
                "folder": name,
                "uidvalidity": number(box, "UIDVALIDITY"),
                "uidnext": number(box, "UIDNEXT"),
                "messages": count,
                "highestmodseq": number(box, "HIGHESTMODSEQ"),
                "attributes": attributes,
                "subscribed": name in subscribed,
            }
        )
        for uid, flags, body in letters(box, count):
            say(
                {
                    "folder": name,
                    "uid": uid,
                    "flags": flags,
                    "sha256": hashlib.sha256(body).hexdigest(),
                    "size": len(body),
                }
            )


# Each is given the connection and what was asked.


def opened(box, ask):
    good(box.select(quoted(ask["folder"])), "SELECT")


def append(box, ask):
    """folder, files: paths, flags?: words, date?: seconds. Answers the uids."""
    uids = []
    for path in ask["files"]:
        with open(path, "rb") as file:
            body = file.read()
        flags = "(" + " ".join(ask.get("flags", [])) + ")"
        date = imaplib.Time2Internaldate(ask["date"]) if "date" in ask else None
        # imaplib turns every line end into CRLF.
        said = good(box.append(quoted(ask["folder"]), flags, date, body), "APPEND")
        match = re.search(rb"APPENDUID \d+ (\d+)", said[0] or b"")
        if match:
            uids.append(int(match.group(1)))
    return {"uids": uids}


def store(box, ask):
    """folder, uids: a set, and add / remove / set: words."""
    opened(box, ask)
    for key, how in (("add", "+FLAGS"), ("remove", "-FLAGS"), ("set", "FLAGS")):
        if key in ask:
            good(box.uid("STORE", ask["uids"], how, "(" + " ".join(ask[key]) + ")"), "STORE")
    return {}


def copy(box, ask):
    """folder, uids, to."""
    opened(box, ask)
    good(box.uid("COPY", ask["uids"], quoted(ask["to"])), "COPY")
    return {}


def move(box, ask):
    """folder, uids, to. Where there is no MOVE: copy, mark, expunge."""
    opened(box, ask)
    if "MOVE" in box.capabilities:
        good(box.uid("MOVE", ask["uids"], quoted(ask["to"])), "MOVE")
    else:
        good(box.uid("COPY", ask["uids"], quoted(ask["to"])), "COPY")
        good(box.uid("STORE", ask["uids"], "+FLAGS.SILENT", "(\\Deleted)"), "STORE")
        expunge_these(box, ask["uids"])
    return {}


def expunge_these(box, uids):
    if "UIDPLUS" in box.capabilities:
        good(box.uid("EXPUNGE", uids), "UID EXPUNGE")
    else:
        good(box.expunge(), "EXPUNGE")


def delete_letters(box, ask):
    """folder, uids: marks and removes these."""
    opened(box, ask)
    good(box.uid("STORE", ask["uids"], "+FLAGS.SILENT", "(\\Deleted)"), "STORE")
    expunge_these(box, ask["uids"])
    return {}


def expunge(box, ask):
    """folder, uids?: removes what is marked already."""
    opened(box, ask)
    if "uids" in ask:
        expunge_these(box, ask["uids"])
    else:
        good(box.expunge(), "EXPUNGE")
    return {}


def search(box, ask):
    """folder, query. Answers the uids."""
    opened(box, ask)
    said = good(box.uid("SEARCH", ask["query"]), "SEARCH")
    return {"uids": [int(uid) for uid in (said[0] or b"").split()]}


def bodies(box, ask):
    """folder. Answers the letters, in base64, by uid."""
    count = int(good(box.select(quoted(ask["folder"]), readonly=True), "EXAMINE")[0])
    found = {uid: base64.b64encode(body).decode() for uid, _, body in letters(box, count)}
    return {"bodies": found}


def on_folder(verb):
    def do(box, ask):
        good(getattr(box, verb)(quoted(ask["folder"])), verb)
        return {}

    return do


def delete_folder(box, ask):
    """folder."""
    box.unselect() if "UNSELECT" in box.capabilities and box.state == "SELECTED" else None
    good(box.delete(quoted(ask["folder"])), "DELETE")
    return {}


def rename(box, ask):
    """folder, to."""
    good(box.rename(quoted(ask["folder"]), quoted(ask["to"])), "RENAME")
    return {}


def capabilities(box, _ask):
    return {"capabilities": sorted(box.capabilities)}


ACTS = {
    "append": append,
    "store": store,
    "copy": copy,
    "move": move,
    "delete_letters": delete_letters,
    "expunge": expunge,
    "search": search,
    "create": on_folder("create"),
    "delete": delete_folder,
    "rename": rename,
    "subscribe": on_folder("subscribe"),
    "unsubscribe": on_folder("unsubscribe"),
    "capabilities": capabilities,
    "bodies": bodies,
}


def act(box):
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            answer = {"ok": True, **ACTS[ask["do"]](box, ask)}
        except (Refused, imaplib.IMAP4.error) as error:
            answer = {"ok": False, "error": str(error)}
        say(answer)
        sys.stdout.flush()


def read_all(box, _ask):
    lines = []
    read(box, [], lines.append)
    return {"lines": lines}


def hands(at):
    box = None
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if at.user != ask["user"] or box is None:
                if box is not None:
                    box.logout()
                    box = None
                at.user, at.password = ask["user"], ask["password"]
                box = connect(at)
            if ask["do"] == "leave":
                box = box.logout() and None
                answer = {"ok": True}
            else:
                answer = {"ok": True, **{**ACTS, "read": read_all}[ask["do"]](box, ask)}
        except (Refused, imaplib.IMAP4.error, OSError) as error:
            answer = {"ok": False, "error": str(error)}
        say(answer)
        sys.stdout.flush()


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--host", default="127.0.0.1")
    args.add_argument("--port", type=int, required=True)
    args.add_argument("--security", choices=["plain", "starttls", "tls"], default="plain")
    args.add_argument("--ca")
    args.add_argument("--user")
    args.add_argument("--password")
    args.add_argument("verb", choices=["read", "act", "hands"])
    args.add_argument("folders", nargs="*")
    at = args.parse_args()
    if at.verb == "hands":
        return hands(at)
    box = connect(at)
    if at.verb == "read":
        read(box, at.folders)
    else:
        act(box)
    box.logout()


main()
