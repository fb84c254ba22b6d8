"""Work that can wait: not while the process is busy, but not never either."""

from dataclasses import dataclass

from api.services.giving_way import GivingWay


@dataclass
class Process:
    """Seconds that passed, and that it was at work."""

    now: float = 100.0
    taken: float = 7.0

    def spend(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.taken += share * seconds


def giving_way(process: Process, patience: float = 2.0) -> GivingWay:
    return GivingWay(patience, lambda: process.now, lambda: process.taken)


def test_a_process_at_rest_may_work() -> None:
    process = Process()
    work = giving_way(process)
    for _ in range(5):
        assert work.may_work()
        process.spend(0.05, 1.0)
        work.worked()
        process.spend(0.25, 0.02)  # its own work does not make it busy


def test_a_busy_process_does_other_things_first() -> None:
    process = Process()
    work = giving_way(process)
    work.worked()
    for _ in range(7):
        process.spend(0.25, 0.9)
        assert not work.may_work()
    process.spend(0.25, 0.02)
    assert work.may_work()


def test_patience_ends() -> None:
    process = Process()
    work = giving_way(process, patience=2.0)
    done = 0
    for _ in range(80):
        process.spend(0.25, 1.5)
        if work.may_work():
            done += 1
            work.worked()
    assert done == 10  # each two seconds of twenty
