"""The process that starts the others: uvicorn's, and it takes back the figures of the dead."""

from uvicorn.supervisors import Multiprocess

from api.observability.processes import forget


class Supervisor(Multiprocess):
    """Gauges of a process that is no more would be counted for ever."""

    def keep_subprocess_alive(self) -> None:
        """Start again what has died."""
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            if pid is not None:
                forget(pid)
