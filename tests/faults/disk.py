"""What the disk may hold after a power cut: rebuilt from what a process wrote and synced (see shim.c).

The rule for a legal image at a cut: whatever was written to a file before its last sync is there; each write
since then is there, or not, or in part by 512-byte sectors, in any combination. A file never synced may be
missing, and the one it replaced may still be there.
"""

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SECTOR = 512
ANSWERS = "(answers)"
"""Stands for a file to which a process wrote what it had done; see ``read_log``."""
_HEAD = struct.Struct("<cBHIQ")
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Event:
    """One change to one file (kind W or T) or its sync (S) or removal (U), in the order they happened."""

    kind: str
    file: str
    offset: int
    data: bytes


def build_shim(folder: Path) -> Path:
    """The compiled witness; skips without a C compiler, which is a failure where CI=true."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no C compiler: power cuts and full disks cannot be tried")
        pytest.skip("no C compiler (cc) on this machine")
    shim = folder / "shim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", shim, _HERE / "shim.c", "-ldl", "-lpthread"], check=True
    )
    return shim


def run_writer(
    shim: Path, folder: Path, *arguments: str, log: Path | None = None, room: int | None = None
) -> str:
    """Runs tests/faults/writer.py under the witness; its standard output."""
    environment = os.environ | {
        "LD_PRELOAD": str(shim),
        "WITNESS_DIR": f"{folder}/",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if log is not None:
        environment["WITNESS_LOG"] = str(log)
    if room is not None:
        environment["WITNESS_ROOM"] = str(room)
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.writer", *arguments],
        cwd=_HERE.parents[1],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_log(log: Path, answers: Sequence[int] = ()) -> list[Event]:
    """Everything the witness noted. ``answers`` are sizes of the log when the process answered something:
    each becomes a line of the file ``ANSWERS``, after everything that was noted before it."""
    raw, at, names, events, answered = log.read_bytes(), 0, {}, [], 0
    while at < len(raw):
        while answered < len(answers) and answers[answered] <= at:
            events.append(Event("W", ANSWERS, 0, b"%d\n" % answered))
            answered += 1
        kind, number, _, length, offset = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        data = raw[at : at + length]
        at += length
        if kind == b"N":
            names[number] = data.decode()
        else:
            events.append(Event(kind.decode(), names[number], offset, data))
    return events


@dataclass
class _File:
    durable: bytearray
    known: bool
    """Whether its name is on the disk for certain."""
    before: "_File | None" = None
    """The file of that name that was removed to make way."""
    pending: list[Event] = field(default_factory=list)

    def sync(self) -> None:
        for event in self.pending:
            _apply(self.durable, event)
        self.pending.clear()
        self.known, self.before = True, None

    def image(self, rng: random.Random) -> bytes | None:
        content = bytearray(self.durable)
        how = rng.choice(("none", "all", "first", "some", "torn"))
        if how == "none" and not self.known:
            return self.before.image(rng) if self.before and rng.random() < 0.5 else None
        last = rng.randint(0, len(self.pending))
        for number, event in enumerate(self.pending):
            if how == "all" or (how == "first" and number < last) or (how == "some" and rng.random() < 0.5):
                _apply(content, event)
            elif how == "torn":
                for piece in _sectors(event):
                    if rng.random() < 0.5:
                        _apply(content, piece)
        return bytes(content)


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "T":
        size = event.offset
        del content[size:]
        content.extend(bytes(size - len(content)))
        return
    end = event.offset + len(event.data)
    content.extend(bytes(max(0, end - len(content))))
    content[event.offset : end] = event.data


def _sectors(event: Event) -> Iterator[Event]:
    if event.kind == "T":
        yield event
    at = 0
    while at < len(event.data):
        step = SECTOR - (event.offset + at) % SECTOR
        yield Event("W", event.file, event.offset + at, event.data[at : at + step])
        at += step


@dataclass(frozen=True, slots=True)
class Image:
    """The files after a cut, and what had been acknowledged before it."""

    files: Mapping[str, bytes]
    acknowledged: frozenset[int]

    def write(self, folder: Path) -> None:
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def images(
    events: list[Event],
    start: Mapping[str, bytes],
    *,
    acks: str,
    ignore: frozenset[str],
    count: int,
    seed: int,
) -> Iterator[Image]:
    """``count`` legal images at random cuts. ``start`` is what was safely on the disk before the first
    event."""
    rng = random.Random(seed)
    cuts = sorted(rng.randint(1, len(events)) for _ in range(count))
    held = {name: _File(bytearray(content), known=True) for name, content in start.items()}
    acknowledged = bytearray()
    done = 0
    for cut in cuts:
        for event in events[done:cut]:
            if event.file == acks:
                acknowledged += event.data
            elif event.file not in ignore:
                file = held.setdefault(event.file, _File(bytearray(), known=False))
                if event.kind == "S":
                    file.sync()
                elif event.kind == "U":
                    held[event.file] = _File(bytearray(), known=False, before=file)
                else:
                    file.pending.append(event)
        done = cut
        files = {name: content for name, file in held.items() if (content := file.image(rng)) is not None}
        yield Image(files, frozenset(int(line) for line in bytes(acknowledged).split()))
