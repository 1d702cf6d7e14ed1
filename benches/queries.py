#!/usr/bin/env python3
"""Write 200 search queries that suit a given Maildir, one a line.

    benches/queries.py MAILDIR OUT [--count 200] [--seed S] [--folder local/bench]

The words come from a sample of the letters themselves: common, middling and
rare ones, phrases that really occur, prefixes, pieces out of the middle of
Korean words, senders, subjects, lists and dates, and mixes of these with OR
and -not. The same Maildir and seed give the same file.
"""

import argparse
import email
import email.policy
import random
import re
import sys
from collections import Counter
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from generate import KOREAN_NOUNS

SAMPLE = 1500  # letters read: enough to tell common words from rare ones
LATIN = re.compile(r"(?<![\w'-])[a-z]{3,20}(?![\w'-])", re.IGNORECASE)
HANGUL = re.compile(r"[가-힣]{1,}")
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")
# Two to four plain words with one space between them: adjacent in any index.
PHRASE = re.compile(r"(?<![\w'-])[a-z]{2,15}(?: [a-z]{2,15}){1,3}(?![\w'-])", re.IGNORECASE)
OPERATORS = {"or", "and", "not", "from", "subject", "in", "is", "has"}


class Sample:
    """What a part of the mailbox says, counted by letters."""

    def __init__(self, maildir: Path, rng: random.Random):
        paths = sorted(p for part in ("cur", "new") for p in (maildir / part).glob("*"))
        if not paths:
            raise SystemExit(f"{maildir} holds no letters")
        self.words: Counter[str] = Counter()
        self.eojeols: Counter[str] = Counter()
        self.ideographs: Counter[str] = Counter()
        self.phrases: list[str] = []
        self.senders: Counter[str] = Counter()
        self.subject_words: Counter[str] = Counter()
        self.lists: Counter[str] = Counter()
        self.days: list[str] = []
        for path in rng.sample(paths, min(SAMPLE, len(paths))):
            self.read(path.read_bytes(), rng)
        self.phrases.sort()
        self.days.sort()

    def read(self, raw: bytes, rng: random.Random) -> None:
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        text = plain_text(letter)
        self.words.update({w.lower() for w in LATIN.findall(text)} - OPERATORS)
        self.eojeols.update(set(HANGUL.findall(text)))
        self.ideographs.update(set(IDEOGRAPHS.findall(text)))
        own = [line for line in text.splitlines() if not line.startswith(">")]
        found = PHRASE.findall("\n".join(own))
        if found:
            self.phrases.append(rng.choice(sorted(found)).lower())
        for name, address in getaddresses([header(letter, "from")]):
            names = {name, address, address.rpartition("@")[2]}
            self.senders.update(n for n in names if n and '"' not in n)
        subject = header(letter, "subject")
        self.subject_words.update({w.lower() for w in LATIN.findall(subject)} - OPERATORS)
        self.subject_words.update(set(HANGUL.findall(subject)))
        listed = re.search(r"<([^<>@\s]+)>", header(letter, "list-id"))
        if listed:
            self.lists[listed.group(1).partition(".")[0]] += 1
        try:
            day = parsedate_to_datetime(header(letter, "date")).strftime("%Y-%m-%d")
        except (TypeError, ValueError):
            return
        if "1990" < day < "2100":
            self.days.append(day)


def header(letter, name: str) -> str:
    """A header's text; broken ones, which the parser may refuse, count as absent."""
    try:
        return str(letter[name] or "")
    except Exception:
        return ""


def plain_text(letter) -> str:
    try:
        part = letter.get_body(("plain",))
        return part.get_content() if part else ""
    except Exception:
        # Undecodable on purpose or by accident: other letters make up for it.
        return ""


class Queries:
    def __init__(self, sample: Sample, rng: random.Random, folder: str):
        self.sample, self.rng, self.folder = sample, rng, folder
        ranked = sorted(sample.words.items(), key=lambda item: (-item[1], item[0]))
        words = [word for word, _ in ranked]
        # Common words are in nearly every letter, rare ones in a single one of the sample.
        self.common = words[:40]
        self.middling = words[60:1500] or words
        self.rare = [word for word, count in ranked if count == 1] or words
        self.stems = [word for word in words if len(word) >= 6] or words
        ranked = sorted(sample.eojeols.items(), key=lambda item: (-item[1], item[0]))
        # Where a mailbox has no Korean, its words find nothing; that has to be fast as well.
        self.korean = [word for word, _ in ranked if len(word) >= 2] or KOREAN_NOUNS
        self.inner = [word for word in self.korean if len(word) >= 4] or self.korean
        self.senders = self.ordered(sample.senders)
        self.subject = self.ordered(sample.subject_words)
        self.lists = self.ordered(sample.lists) or ["users"]
        self.ideographs = self.ordered(sample.ideographs) or ["会議", "确认"]
        self.days = sample.days or ["2020-01-01"]
        self.phrases = sample.phrases or ["there is"]

    @staticmethod
    def ordered(counter: Counter[str]) -> list[str]:
        return [item for item, _ in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))]

    def pick(self, items: list[str]) -> str:
        """Any of them, the frequent ones (which stand first) more often."""
        return items[int(len(items) * self.rng.random() ** 1.7)]

    def mid_word(self, length: int) -> str:
        """A piece of a Korean word that is not at its beginning."""
        long_enough = [word for word in self.inner if len(word) > length] or self.inner
        word = self.pick(long_enough)
        start = self.rng.randint(1, max(1, len(word) - length))
        return word[start : start + length] or word

    def sender(self) -> str:
        name = self.pick(self.senders)
        return f'"{name}"' if re.search(r"\s", name) else name

    def one(self, kind: str) -> str:
        rng, pick = self.rng, self.pick
        match kind:
            case "common word":
                return rng.choice(self.common)
            case "middling word":
                return pick(self.middling)
            case "rare word":
                return rng.choice(self.rare)
            case "absent word":
                return f"{rng.choice(self.rare)}{rng.choice('qxz')}{rng.choice('jvw')}"
            case "two words":
                return f"{rng.choice(self.common)} {pick(self.middling)}"
            case "three words":
                return f"{pick(self.middling)} {rng.choice(self.common)} {pick(self.middling)}"
            case "phrase":
                return f'"{rng.choice(self.phrases)}"'
            case "prefix":
                return f"{pick(self.stems)[: rng.randint(3, 5)]}*"
            case "two prefixes":
                return f"{pick(self.stems)[:3]}* {pick(self.stems)[:4]}*"
            case "korean word":
                return pick(self.korean)
            case "korean syllable":
                return self.mid_word(1)
            case "korean middle of two":
                return self.mid_word(2)
            case "korean middle of three":
                return self.mid_word(3)
            case "korean and korean":
                return f"{self.mid_word(2)} {pick(self.korean)}"
            case "korean and latin":
                return f"{self.mid_word(2)} {rng.choice(self.common)}"
            case "ideographs":
                word = pick(self.ideographs)
                start = rng.randint(0, len(word) - 2)
                return word[start : start + 2]
            case "from":
                return f"from:{self.sender()}"
            case "from and word":
                return f"from:{self.sender()} {rng.choice(self.common)}"
            case "subject":
                return f"subject:{pick(self.subject)}"
            case "folder and word":
                return f"in:{self.folder} {pick(self.middling)}"
            case "list":
                return f"list:{pick(self.lists)}"
            case "after":
                return f"after:{rng.choice(self.days)} {pick(self.middling)}"
            case "before":
                return f"before:{rng.choice(self.days)} {self.mid_word(2)}"
            case "span":
                first, last = (
                    sorted(rng.sample(self.days, 2)) if len(self.days) > 1 else (self.days * 2)
                )
                return f"after:{first} before:{last} {rng.choice(self.common)}"
            case "unread":
                return f"is:unread {rng.choice(self.common)}"
            case "flagged":
                return f"is:flagged {pick(self.middling)}"
            case "attachment":
                return f"has:attachment {pick(self.korean)}"
            case "attachment alone":
                return "has:attachment is:unread"
            case "file name":
                return f"filename:{rng.choice(['pdf', 'patch', 'jpg', 'csv', 'log'])}"
            case "larger":
                return f"larger:{rng.choice([10, 50, 200])}k {rng.choice(self.common)}"
            case "smaller":
                return f"smaller:{rng.choice([2, 4, 10])}k {pick(self.middling)}"
            case "or":
                return f"{pick(self.middling)} OR {pick(self.middling)}"
            case "or korean":
                return f"{self.mid_word(2)} OR {pick(self.middling)} OR {pick(self.korean)}"
            case "not":
                return f"{pick(self.middling)} -{rng.choice(self.common)}"
            case "not phrase":
                return f'{rng.choice(self.common)} -"{rng.choice(self.phrases)}"'
            case "not from":
                return f"{pick(self.korean)} -from:{self.sender()}"
            case "mix":
                return (
                    f"from:{self.sender()} subject:{pick(self.subject)} "
                    f"after:{rng.choice(self.days)} -{rng.choice(self.rare)}"
                )
        raise ValueError(kind)


# How often each kind is asked for, out of 200.
SHARES = {
    "common word": 12,
    "middling word": 14,
    "rare word": 10,
    "absent word": 4,
    "two words": 12,
    "three words": 6,
    "phrase": 14,
    "prefix": 10,
    "two prefixes": 3,
    "korean word": 12,
    "korean syllable": 6,
    "korean middle of two": 16,
    "korean middle of three": 8,
    "korean and korean": 5,
    "korean and latin": 4,
    "ideographs": 4,
    "from": 8,
    "from and word": 4,
    "subject": 6,
    "folder and word": 4,
    "list": 2,
    "after": 4,
    "before": 3,
    "span": 3,
    "unread": 3,
    "flagged": 2,
    "attachment": 3,
    "attachment alone": 1,
    "file name": 1,
    "larger": 2,
    "smaller": 2,
    "or": 4,
    "or korean": 2,
    "not": 3,
    "not phrase": 1,
    "not from": 1,
    "mix": 1,
}


def queries(maildir: Path, count: int = 200, seed: int = 1, folder: str = "local/bench"):
    rng = random.Random(f"queries {seed}")
    source = Queries(Sample(maildir, rng), rng, folder)
    total = sum(SHARES.values())
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    # Any count keeps the shares; 200 are each kind exactly so often.
    kinds = [kinds[i * total // count] for i in range(count)]
    lines: list[str] = []
    for kind in kinds:
        line = source.one(kind)
        for _ in range(20):  # no query twice, as long as there is another
            if line not in lines:
                break
            line = source.one(kind)
        lines.append(line)
    rng.shuffle(lines)
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("maildir", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default="local/bench", help="the folder `in:` names")
    arguments = parser.parse_args()
    lines = queries(arguments.maildir, arguments.count, arguments.seed, arguments.folder)
    arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} queries in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
