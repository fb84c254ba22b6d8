"""Start the server: prepare what is missing, then listen, in one process or in several."""

import signal
import socket
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import typer

from api.cli.aside import prepare_aside
from api.cli.preparing import prepare, settle
from matcher.errors import StoreUnavailable

if TYPE_CHECKING:
    import uvicorn

    from api.settings import Settings

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NAMES: Final = (*_LOOPBACK, "[::1]")
_LAST_ANSWERS: Final = 10
"""Seconds that requests under way are given when the server ends."""
_HUNG_AFTER: Final = 30
"""Seconds without a sign of life after which a process is taken for dead."""


def serve(
    settings: "Settings", host: str | None, port: int | None, workers: int | None, demo: bool
) -> None:
    """Serve until interrupted. Raises StoreUnavailable if the address or port cannot be used."""
    from api.observability.logs import configure
    from api.services.allocation import one_heap

    one_heap()  # before what starts threads is imported
    configure(settings.log_level, settings.log_json)
    host, port = host or settings.host, settings.port if port is None else port
    _check(settings, host)
    workers = workers or settings.workers
    with _listening(host, port) as listener:
        if workers == 1:
            _serve_here(settings, host, listener, demo)
        else:
            prepare_aside(settings, demo)
            _announce(host, listener)
            _supervise(workers, listener)


def names(settings: "Settings") -> tuple[str, ...]:
    """The names by which the service may be addressed."""
    return (*(name.lower() for name in settings.hosts), *_NAMES)


def _serve_here(settings: "Settings", host: str, listener: socket.socket, demo: bool) -> None:
    import uvicorn

    from api.app import create_app
    from api.bootstrap import open_workspace

    with closing(open_workspace(settings)) as workspace:
        prepare(workspace, demo)
        settle(workspace)
        _announce(host, listener)
        # The server repeats the signal that ended it, to us: leave in order.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        application = create_app(workspace, names(settings), settings, carries_out_jobs=True)
        uvicorn.Server(_config(application)).run(sockets=[listener])


def _supervise(workers: int, listener: socket.socket) -> None:
    """Start the processes, and start again those that die; they share the listening socket."""
    from api.cli.supervisor import Supervisor
    from api.observability.processes import share

    config = _config(
        "api.cli.worker:application",
        factory=True,
        workers=workers,
        loop="api.cli.accepting:SharingLoop",
        timeout_worker_healthcheck=_HUNG_AFTER,
    )
    with TemporaryDirectory(prefix="hongniang-metrics-") as figures:
        share(Path(figures))
        Supervisor(config, sockets=[listener]).run()


def _config(application: Any, **more: Any) -> "uvicorn.Config":  # noqa: ANN401 - as uvicorn has it
    import uvicorn

    # Logs are ours to write, and whom to believe about the client's address to say.
    return uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        http="api.cli.protocol:Protocol",
        timeout_graceful_shutdown=_LAST_ANSWERS,
        **more,
    )


def _check(settings: "Settings", host: str) -> None:
    if host not in _LOOPBACK and not settings.hosts:
        raise StoreUnavailable(
            f"监听 {host} 会让其他机器访问本服务，请先用 HONGNIANG_HOSTS 写明访问所用的主机名，"
            "例如 HONGNIANG_HOSTS=kjj.example；只供本机使用时，请改为监听 127.0.0.1。"
        )


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket: a port in use is noticed before any work is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. Without it a body waits 40 ms for the receipt of its head: asyncio
    # sets it only where the socket says that its protocol is TCP, which ours leaves to the system.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise StoreUnavailable(
            f"无法监听 {host}:{port}（{error.strerror}），"
            f"请换一个端口，例如 --port {8000 + (port + 1) % 1000}。"
        ) from error
    return listener


def _announce(host: str, listener: socket.socket) -> None:
    shown = f"[{host}]" if ":" in host else host
    base = f"http://{shown}:{listener.getsockname()[1]}"
    typer.echo(f"经理人工作台  {base}/")
    typer.echo(f"企业需求填报  {base}/demands/new")
    typer.echo(f"接口文档      {base}/api/docs")
    typer.echo("按 Ctrl+C 停止。")
