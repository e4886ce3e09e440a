"""Notices of the system that something in a folder may have changed."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import structlog
from watchfiles import Change, watch

from gateway.config.settings import Watch

_TURN_MS = 100
_QUIET_MS = 20
_MOST_MS = 500
_POLL_MS = 1000
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE = ("nfs", "cifs", "smb", "9p", "fuse", "virtiofs", "vboxsf", "prl_fs", "afs", "ceph", "glusterfs")
"""Kinds of file systems on which others write, of which the system of this machine gives no notice."""


class Events:
    """The changes below a folder. It may be missing, or be replaced by another at any time."""

    def __init__(
        self,
        root: Path,
        *,
        mode: Watch,
        stop: Event,
        notices: Callable[..., Iterator[set[tuple[Change, str]]]] = watch,
    ) -> None:
        """Watch `root` until `stop` is set; `mode` says whether by notices, or by looking at the times of all files.

        Where the system has no more notices to give, the times are looked at instead. `notices` is called as `watch` of
        watchfiles is.
        """
        self._root = root
        self._mode = mode
        self._stop = stop
        self._notices = notices
        self._identity: tuple[int, int] | None = None
        self._changes: Iterator[set[tuple[Change, str]]] = iter(())

    def wait(self) -> set[str] | None:
        """The paths below the folder that changed lately; None where it is another folder than before.

        Comes back after a tenth of a second at the latest where nothing does, and after half a second where changes
        have no end.
        """
        identity = _identity(self._root)
        is_another = identity != self._identity
        if is_another:
            self._identity = identity
            self._changes = self._watch(Path(os.path.realpath(self._root))) if identity else iter(())
        if identity is None:
            self._stop.wait(_TURN_MS / 1000)
            return None if is_another else set()
        try:
            changes = next(self._changes, set())  # also where all is looked at, since it begins to watch
        except OSError as error:
            self._identity = None
            if self._mode is Watch.ON and _identity(self._root) == identity:  # it has not gone meanwhile
                self._mode = Watch.POLL
                log = structlog.get_logger("newsstand.watch")
                log.warning("no notices of changes, so all times are looked at", reason=str(error))
            self._stop.wait(_TURN_MS / 1000)
            return set()
        root = os.path.realpath(self._root)
        return None if is_another else {os.path.relpath(path, root) for _, path in changes}

    def _watch(self, root: Path) -> Iterator[set[tuple[Change, str]]]:
        return self._notices(
            root,
            watch_filter=_is_ours,
            debounce=_MOST_MS,
            step=_QUIET_MS,
            stop_event=self._stop,
            rust_timeout=_TURN_MS,
            yield_on_timeout=True,
            force_polling=self._mode is Watch.POLL or _is_remote(root),
            poll_delay_ms=_POLL_MS,
            raise_interrupt=False,
        )


def _is_ours(_change: Change, path: str) -> bool:
    return f"{os.sep}.git{os.sep}" not in path


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_remote(root: Path) -> bool:
    """Tell whether others may write on the file system of a folder, without a notice."""
    try:
        lines = _MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    kinds: dict[str, str] = {}
    for line in lines:
        fields, _, kind = line.partition(" - ")
        kinds[fields.split()[4]] = kind.split()[0]
    mount = max((point for point in kinds if root.is_relative_to(point)), key=len, default="")
    return kinds.get(mount, "").startswith(_REMOTE)
