"""Rounds of the soak: loads on their way, one kill at a seeded moment, a restart, and everything checked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from lakebook.jobs.models import Job
from tests.soak.checks import as_it_should, ended, nothing_left, one_event_each, rows_right
from tests.soak.client import Client
from tests.soak.loads import Expected, Load, Mix
from tests.soak.scene import POINTS, Broken, Scene

TARGETS = ("worker", "server", "both")
LATEST = 1.5
REACHED_WITHIN = 8.0


@dataclass(frozen=True)
class Kill:
    """Who is killed, and when: so many seconds after the loads set out, or at a named point of the work."""

    target: str
    after: float = 0.0
    point: str = ""

    def __str__(self) -> str:
        return f"{self.target} at {self.point}" if self.point else f"{self.target} after {self.after:.2f} s"


def kills(random: Random, count: int) -> Iterator[Kill]:
    """Seeded kills: every target in turn, half of them at points, half at times."""
    points: list[str] = []
    for number in range(count):
        target = TARGETS[number % len(TARGETS)]
        if number % 2:
            points = points or random.sample(POINTS, len(POINTS))
            yield Kill(target, point=points.pop())
        else:
            yield Kill(target, after=random.uniform(0.0, LATEST))


@dataclass
class Round:
    """What one kill hit and what came of it."""

    number: int
    kill: Kill
    loads: list[Load]
    jobs: list[Job] = field(default_factory=list)
    seconds: float = 0.0
    hit: bool = True


@dataclass
class Soak:
    """A seeded series of rounds on one scene."""

    folder: Path
    seed: int
    workers: int = 1
    completed: set[str] = field(default_factory=set)
    expected: Expected = field(default_factory=Expected)

    def rounds(self, count: int) -> Iterator[Round]:
        """Play the rounds one by one; Broken at the first breach."""
        random = Random(self.seed)
        files = self.folder / "files"
        files.mkdir()
        mix, scene = Mix(files, random), Scene(self.folder, self.workers)
        try:
            scene.start()
            for number, kill in enumerate(kills(random, count), start=1):
                yield self.play(scene, Round(number, kill, [mix.load() for _ in range(2)]))
        finally:
            scene.close()

    def play(self, scene: Scene, one: Round) -> Round:
        """Send the loads, kill, restart, wait for every end, check."""
        began = time.monotonic()
        client = Client(scene.server)
        with ThreadPoolExecutor(len(one.loads)) as pool:
            sent: list[Future[str]] = []
            mark = scene.arm(one.kill.point) if one.kill.point else None
            sent += [pool.submit(client.send, load) for load in one.loads]
            one.hit = self._strike(scene, one.kill, mark)
            scene.revive()
            job_ids = [future.result() for future in sent]
        one.jobs = [ended(scene, job_id) for job_id in job_ids]
        self._check(scene, one)
        one.seconds = time.monotonic() - began
        return one

    def _strike(self, scene: Scene, kill: Kill, mark: Path | None) -> bool:
        """Kill when the moment has come; False where the loads never passed the point."""
        pause, end = threading.Event(), time.monotonic() + REACHED_WITHIN
        if mark is None:
            pause.wait(kill.after)
        while mark is not None and mark.exists() and time.monotonic() < end:
            pause.wait(0.01)
        hit = mark is None or not mark.exists()
        scene.disarm()
        if kill.point != "upload-kept" or kill.target != "worker":
            scene.kill(kill.target)
        elif hit:
            scene.kill("server")
        return hit

    def _check(self, scene: Scene, one: Round) -> None:
        for load, job in zip(one.loads, one.jobs, strict=True):
            as_it_should(load, job)
            if load.sound:
                self.completed.add(job.job_id)
        # In the order in which they ended: that is how replacing and appending loads came to stand.
        for load, _ in sorted(zip(one.loads, one.jobs, strict=True), key=lambda pair: pair[1].updated_at):
            if load.sound:
                self.expected.took(load)
        if len({job.job_id for job in one.jobs}) != len(one.jobs):
            raise Broken("two loads have become one job")
        rows_right(scene, self.expected)
        one_event_each(scene, self.completed)
        nothing_left(scene)
