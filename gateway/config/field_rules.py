"""The rules in force by which fields are found in front matter: those of `--fields` and `--site`."""

from dataclasses import replace
from pathlib import Path

from gateway.config.errors import SettingError
from gateway.config.settings import Settings
from indexer.content.fields.rules import STRICT, STYLES, FieldRules
from indexer.errors import ContentProblem


def in_force(settings: Settings) -> FieldRules:
    """The rules that the settings name.

    Raises `UnusableMapping` for an error in the mapping's file, and `SettingError` where there is none.
    """
    rules = STRICT
    if settings.fields is not None:
        style = STYLES.get(settings.fields.lower())
        rules = FieldRules(style=style, is_lenient=True) if style else _load(Path(settings.fields))
    relative = [source for source in rules.sources.get("webUrl", ()) if source.startswith("/")]
    if relative and not settings.site:
        raise SettingError(f"the mapping has the address {relative[0]} below a site; name the site by --site")
    return replace(rules, site=settings.site, is_lenient=rules.is_lenient or settings.site is not None)


def file(settings: Settings) -> Path | None:
    """The mapping's file, where there is one."""
    return None if settings.fields is None or settings.fields.lower() in STYLES else Path(settings.fields)


def _load(path: Path) -> FieldRules:
    if not path.is_file():
        known = ", ".join(STYLES)
        raise SettingError(f"there is no file {path} of a mapping; set --fields to one that is there, or to {known}")
    from indexer.content.fields import mapping_file  # noqa: PLC0415 - few have a mapping, and it takes long to import

    return mapping_file.load(path)


def problems(settings: Settings) -> tuple[ContentProblem, ...]:
    """The problems of the mapping's file, where there is one."""
    from indexer.content.fields import mapping_file  # noqa: PLC0415 - likewise

    path = file(settings)
    return mapping_file.read(path).problems if path else ()
