"""The folder of assets is one of pictures, and never that of the articles."""

from pathlib import Path

import pytest

from gateway.config import assets
from gateway.config.errors import SettingError
from gateway.config.settings import Settings


def test_it_is_within_the_content_unless_another_is_set(tmp_path: Path):
    assert assets.in_force(Settings(content=Path("news"))).root() == Path("news/assets").resolve()
    assert assets.in_force(Settings(content=Path("news"), assets=tmp_path)).root() == tmp_path


def test_one_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(SettingError, match=r"no folder of assets at .*; set --assets or NEWSSTAND_ASSETS"):
        assets.in_force(Settings(assets=tmp_path / "pictures"))


@pytest.mark.parametrize("folder", [".", "content", "content/../content", "link"])
def test_drafts_are_not_served_as_files(tmp_path: Path, folder: str):
    (tmp_path / "content/deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to("content")
    for content in ("content", "content/deep"):
        with pytest.raises(SettingError, match="holds the content"):
            assets.in_force(Settings(content=tmp_path / content, assets=tmp_path / folder))
