"""Start the server: prepare what is missing, then listen."""

import gc
import signal
import socket
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

import typer

from api.cli.output import bar
from matcher.errors import BundleMismatch, BundleMissing, StoreUnavailable

if TYPE_CHECKING:
    from api.services.workspace import Workspace
    from api.settings import Settings

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_NAMES: Final = (*_LOOPBACK, "[::1]")


def serve(settings: "Settings", host: str | None, port: int | None, demo: bool) -> None:
    """Serve until interrupted. Raises StoreUnavailable if the port cannot be used."""
    import uvicorn

    from api.app import create_app
    from api.bootstrap import open_workspace
    from api.observability.logs import configure
    from api.services.importing import IMPORT, run
    from api.services.jobs import JobRunner

    configure(settings.log_level, settings.log_json)
    host, port = host or settings.host, settings.port if port is None else port
    if host not in _LOOPBACK and not settings.allow_remote:
        raise StoreUnavailable(
            f"本版没有账号，默认不监听 {host}，以免网络上的任何人看到全部需求。"
            "确有防护措施时，请设置 HONGNIANG_ALLOW_REMOTE=true。"
        )
    with _listening(host, port) as listener, closing(open_workspace(settings)) as workspace:
        _prepare(workspace, demo)
        _announce(host, listener.getsockname()[1])
        # The server repeats the signal that ended it, to us: leave in order, and save the indexes.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # Logs are ours to write, and whom to believe about the client's address to say.
        config = uvicorn.Config(
            create_app(workspace, _names(settings, host), settings),
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        try:
            with JobRunner(workspace, {IMPORT: run}):
                uvicorn.Server(config).run(sockets=[listener])
        finally:
            workspace.save_indexes()


def _names(settings: "Settings", host: str) -> tuple[str, ...]:
    """The names by which the server may be addressed: its own machine's always; empty means any."""
    if settings.hosts:
        return (*(name.lower() for name in settings.hosts), *_NAMES)
    return _NAMES if host in _LOOPBACK else ()


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket: a port in use is noticed before any work is done."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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


def _prepare(workspace: "Workspace", demo: bool) -> None:
    """Fill an empty database if asked to, and see to it that there is a model that fits."""
    from threadpoolctl import threadpool_limits

    from api.services import fitting
    from api.services.demo import load_demo
    from api.services.upkeep import fill_in
    from matcher.ready import prepare

    prepare()
    fill_in(workspace)
    if demo and not workspace.achievements.count() and not workspace.demands.count():
        typer.echo("正在装入演示数据（机构均为虚构）……")
        load_demo(workspace, bar)
    try:
        workspace.attach(workspace.registry.load(workspace.registry.current()), bar)
    except (BundleMissing, BundleMismatch) as reason:
        if isinstance(reason, BundleMismatch):
            typer.echo(str(reason))
        typer.echo("正在训练模型……")
        fitting.fit(workspace, bar)
    workspace.matchmaker.match("预热")  # loads the segmenter and the tables: not for the first user
    threadpool_limits(1, user_api="blas")  # arrays are small: more threads only wait for each other
    gc.freeze()  # what was loaded stays: collections need not look at it again and again


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    base = f"http://{shown}:{port}"
    typer.echo(f"经理人工作台  {base}/")
    typer.echo(f"企业需求填报  {base}/demands/new")
    typer.echo(f"接口文档      {base}/api/docs")
    typer.echo("按 Ctrl+C 停止。")
