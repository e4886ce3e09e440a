"""`newsstand init`: files to start from."""

import shutil
from pathlib import Path

from gateway.config.errors import SettingError

STARTER = Path(__file__).parents[1] / "static/starter"


def write(folder: Path) -> list[Path]:
    """Write the files into `folder`, which may exist. Returns their paths.

    Raises `SettingError` where one of them is there already, and writes none then; and where nothing can be written.
    """
    names = sorted(path.relative_to(STARTER) for path in STARTER.rglob("*") if path.is_file())
    if existing := [str(folder / name) for name in names if (folder / name).exists()]:
        raise SettingError(f"{', '.join(existing)} would be overwritten; name a folder without them")
    try:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(STARTER / name, folder / name)
    except OSError as error:
        problem = f"cannot write {error.filename or folder}: {error.strerror}"
        raise SettingError(f"{problem}; name a folder that can be written to, or a new one") from error
    return [folder / name for name in names]
