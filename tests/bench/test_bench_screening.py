"""How long knowledge and screens take: the engine of pairs, one whole screen, a census, and the load at sign-in."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from argon2.low_level import Type, hash_secret_raw

from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.exchange.packing import packed
from infusiondesk.interactions.rules import Profile, Written, screen
from infusiondesk.interactions.rules.chart import Chart, medicine_of
from infusiondesk.interactions.rules.pairs import pair_hits
from tests.bench import sets
from tests.bench.test_bench_start import ROOT, RUNS, judged

PAIRS = 100_000
MEDICINES = 25
PATIENTS = 1_000
A_SET = 5_265  # as many as the public set of the VA

LOAD = """
import sys, time
from pathlib import Path
from argon2.low_level import Type, hash_secret_raw
from infusiondesk.interactions.exchange import reference_knowledge
from infusiondesk.interactions.service import in_force
from infusiondesk.interactions.exchange.packing import unpacked
begun = time.perf_counter()
hash_secret_raw(b"a long winter sentence", bytes(16), time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID)
one = time.perf_counter() - begun
kept = Path(sys.argv[1]).read_bytes()
begun = time.perf_counter()
known = reference_knowledge()
layer = in_force.Layer(None, "VA", "", "", unpacked(kept))
names = in_force._more_names(layer, known.names, ())
known = known.with_sets([in_force._set_of(layer, {}, {}, names)])
took = time.perf_counter() - begun
print(took * 1000, took / one)
"""


def measured(work: Callable[[], object], times: int) -> list[float]:
    """Seconds of each run, the first left out."""
    work()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return sorted(found)


def one_derivation() -> float:
    def derive() -> None:
        hash_secret_raw(b"a long winter sentence", bytes(16), 3, 65536, 1, 32, Type.ID)

    return statistics.median(measured(derive, 5))


@pytest.mark.bench
def test_the_pair_engine_against_a_hundred_thousand_pairs() -> None:
    knowledge = sets.knowledge_with(PAIRS)
    known = dict.fromkeys(sets.pairs(PAIRS))
    names = sets.NAMES[:: len(sets.NAMES) // MEDICINES][:MEDICINES]
    readings = [(Written(name, is_order=False), knowledge.names.read(name)) for name in names]
    medicines = tuple(medicine_of(written, reading, knowledge) for written, reading in readings if reading is not None)
    assert len(medicines) == MEDICINES
    chart = Chart(medicines, (), Profile(), None)

    def look_up() -> None:
        for a, b in combinations(names, 2):
            known.get((a, b) if a < b else (b, a))

    engine, looked_up = measured(lambda: list(pair_hits(chart, knowledge)), 300), measured(look_up, 300)
    judged("pair_engine", statistics.median(engine) / statistics.median(looked_up))


@pytest.mark.bench
def test_one_whole_screen_of_twenty_five_medicines() -> None:
    knowledge = sets.knowledge_with(PAIRS)
    profile = sets.a_profile(1, MEDICINES)
    assert len(screen(profile, knowledge).alerts) > 20
    found = measured(lambda: screen(profile, knowledge), 300)
    p95 = found[int(len(found) * 0.95)]
    sys.stdout.write(f"\none screen: p95 {p95 * 1000:.1f} ms\n")
    judged("screening", p95 / one_derivation())


@pytest.mark.bench
def test_a_census_of_a_thousand_patients() -> None:
    knowledge = reference_knowledge()
    profiles = [sets.a_profile(number, 12) for number in range(PATIENTS)]
    begun = time.perf_counter()
    alerts = sum(len(screen(profile, knowledge).alerts) for profile in profiles)
    took = time.perf_counter() - begun
    assert alerts > PATIENTS
    sys.stdout.write(f"\ncensus: {took:.2f} s, {alerts:,} alerts\n")
    judged("census", took / one_derivation())


@pytest.mark.bench
def test_the_knowledge_is_loaded_beside_a_large_set(tmp_path: Path) -> None:
    (tmp_path / "set").write_bytes(packed(sets.a_set(A_SET)))
    found = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", LOAD, str(tmp_path / "set")], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr
        found.append([float(word) for word in done.stdout.split()])
    sys.stdout.write(f"\nknowledge: {statistics.median(one[0] for one in found):.0f} ms\n")
    judged("knowledge_load", statistics.median(one[1] for one in found))
