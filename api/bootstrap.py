"""The one place where settings become a workspace."""

from api.security.keyfile import secret_of
from api.security.tokens import Signing
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import Database, Store
from matcher.errors import StoreUnavailable
from models.registry import Registry


def open_workspace(settings: Settings) -> Workspace:
    """Open the data folder, made if it is not there. Raises StoreUnavailable."""
    folder = settings.data.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # demands are nobody else's to read
        (folder / "models").mkdir(exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"无法建立数据目录 {folder}（{error.strerror}），请检查权限，"
            "或用 HONGNIANG_DATA 另指定目录。"
        ) from error
    database = Database(settings.database)
    memory = settings.build_memory << 20
    signing = Signing(secret_of(folder, settings.secret.get_secret_value()))
    registry = Registry(folder / "models")
    largest = settings.max_upload * 1_000_000
    return Workspace(
        folder,
        Store(database),
        registry,
        settings.segmenter,
        signing,
        memory,
        largest,
        settings,
        settings.max_drafts,
    )
