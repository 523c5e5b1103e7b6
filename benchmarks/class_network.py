"""python -m benchmarks.class_network: a class of 42 phones is the network, and takes a hundred steps at a run."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy as np

from app.rooms.class_network import NEURONS
from benchmarks.measure import cpu_seconds, table
from benchmarks.rooms import servers
from tests.support.class_phones import ClassPhone, Told, inputs_of, pupils_of, until
from tests.support.server import TOKEN

STEPS, BATCH, ETA = 100, 8, 0.2
# The most that a parameter may differ from NumPy's, and the least steps a second.
MAX_DIFFERENCE, MIN_RATE = 1e-5, 2.0
_WARM_UP_STEPS = 3


@dataclass
class Played:
    """What a hundred steps took: seconds, and processor seconds of the servers and of the phones."""

    seconds: float
    servers: float
    phones: float
    difference: float
    verdicts: Counter[str]


async def played(urls: Sequence[str], processes: Sequence[int], steps: int) -> Played:
    """A class plays so many steps. The phones are at all servers in turn."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=urls[0], headers=headers, timeout=60) as teacher:
        code = (await teacher.post("admin/rooms")).json()["code"]
        told = Told()
        phones = [
            ClassPhone(urls[number % len(urls)], code, *one, told)
            for number, one in enumerate(await pupils_of(teacher, code, len(NEURONS)))
        ]
        path = f"admin/rooms/{code}/game"
        (await teacher.post(path, json={"eta": ETA, "batch": BATCH})).raise_for_status()
        before = np.frombuffer((await teacher.get(f"{path}/parameters")).content)
        living = [asyncio.create_task(phone.live()) for phone in phones]
        (await teacher.patch(path, json={"pace": "run"})).raise_for_status()
        await until(lambda: phones[0].parts.get("game", {}).get("step", 0) >= _WARM_UP_STEPS, "the first steps")
        began, used, own = time.perf_counter(), sum(map(cpu_seconds, processes)), time.process_time()
        await until(lambda: phones[0].parts["game"]["step"] >= _WARM_UP_STEPS + steps, "the steps")
        seconds, used = time.perf_counter() - began, sum(map(cpu_seconds, processes)) - used
        own = time.process_time() - own
        (await teacher.patch(path, json={"pace": "walk"})).raise_for_status()
        game = phones[0].parts
        await until(lambda: game["game"]["pace"] == "walk", "the walk")
        after = np.frombuffer((await teacher.get(f"{path}/parameters")).content)
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)
        expected = told.replayed(before, game["game"]["step"], await inputs_of(phones[0], told))
    verdicts = sum((phone.verdicts for phone in phones), Counter[str]())
    return Played(seconds, used, own, float(np.abs(after - expected).max()), verdicts)


def measured(with_postgres: bool, steps: int = STEPS) -> list[str]:
    """A row of the table."""
    with servers(with_postgres) as running:
        found = asyncio.run(played([server.url for server in running], [server.pid for server in running], steps))
    rate = steps / found.seconds
    others = sum(found.verdicts.values()) - found.verdicts["right"]
    return [
        "PostgreSQL, 2 servers" if with_postgres else "SQLite",
        f"{rate:.1f} ({MIN_RATE / rate:.2f})",
        f"{1000 * found.servers / steps:.0f}",
        f"{1000 * found.phones / steps:.0f}",
        f"{found.difference:.1e} ({found.difference / MAX_DIFFERENCE:.2f})",
        f"{others} of {found.verdicts.total()}",
    ]


def main(arguments: list[str]) -> None:
    """Prints the section of the README; with arguments such as `sqlite 20`, that row alone, with so many steps."""
    cases = [(False, STEPS), (True, STEPS)]
    if arguments:
        cases = [(arguments[0] == "postgres", int(arguments[1]))]
    header = ["store", "steps a second", "processor time of the servers for a step, ms", "of the phones, ms"]
    header += ["largest difference to NumPy's parameters", "numbers that were late or wrong"]
    print(f"""
## The class is the network

`python -m benchmarks.class_network`: {len(NEURONS)} phones are the neurons and take {STEPS} steps at a run, with
{BATCH} digits in a batch, on the same {os.cpu_count()} cores as the servers and the database. Each phone has a
connection for its requests and one for the room's stream, and computes its own neuron. With PostgreSQL, half of the
phones are at each server. In brackets: the share of the limit.

{table(header, [measured(*case) for case in cases])}""")


if __name__ == "__main__":
    main(sys.argv[1:])
