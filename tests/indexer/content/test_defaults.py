"""Fields that a folder gives to the files in it."""

from pathlib import Path

import pytest

from indexer.content.fields.rules import FieldRules
from tests.indexer.folder import Folder


def post(title: str, more: str = "") -> str:
    return f"---\ntitle: {title}\ndate: 2021-03-04\n{more}---\n"


async def test_fields_are_given_to_all_files_below_and_the_nearest_wins(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "provider: {domain: lamp.example, name: Lamp}\nwebUrl: https://l.example/{path}/\n")
    folder.write("a/_defaults.yaml", "provider: owl.example\ncategory: Birds\ntopics: Owls, Mills\n")
    folder.write("one.md", post("One"))
    folder.write("a/two.md", post("Two"))
    folder.write("a/b/three.md", post("Three", "category: Own\ntopics: [X]\nprovider: x.example\n"))
    _, told = folder.build()
    assert told == []
    served = await folder.served()
    assert {key: article.provider.domain for key, article in served.items()} == {
        "one": "lamp.example",
        "a/two": "owl.example",
        "a/b/three": "x.example",
    }
    assert (served["a/two"].category, served["a/two"].topics) == ("Birds", ("Owls", "Mills"))
    assert (served["a/b/three"].category, served["a/b/three"].topics) == ("Own", ("X",))
    assert served["a/b/three"].web_url == "https://l.example/a/b/three/"
    assert served["one"].provider.name == "Lamp"


async def test_a_changed_file_changes_the_articles_below_it_and_no_others(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "provider: lamp.example\nwebUrl: https://l.example/{path}/\n")
    folder.write("a/_defaults.yaml", "category: Birds\n")
    folder.write("one.md", post("One"))
    folder.write("a/two.md", post("Two"))
    folder.build()
    folder.write("a/_defaults.yaml", "category: Owls\n")
    report, _ = folder.build()
    assert (report.parsed, report.added) == (1, 1)
    assert (await folder.served())["a/two"].category == "Owls"
    folder.delete("a/_defaults.yaml")
    assert folder.build()[0].parsed == 1
    assert (await folder.served())["a/two"].category is None
    assert folder.build()[0].parsed == 0


async def test_mistakes_are_told_at_their_place_and_sound_fields_are_given(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    text = "provider: lamp.example\nquality: high\ncategry: x\nampWebUrl: https://l.example/{sluk}\n"
    folder.write("_defaults.yaml", text + "webUrl: https://l.example/{path}/\n")
    folder.write("a/_defaults.yaml", "- x\n")
    folder.write("b/_defaults.yaml", b"title: \xff\n")
    folder.write("one.md", post("One"))
    folder.write("a/two.md", post("Two"))
    _, told = folder.build()
    assert told == [
        "_defaults.yaml:3:1: warning: categry: is not a known field; did you mean category?",
        "_defaults.yaml:2:10: error: quality: 'high' is not a whole number; write digits only, such as 80",
        "_defaults.yaml:4:12: error: ampWebUrl: there is no {sluk} in addresses; write {slug}, {year} and the like",
        "a/_defaults.yaml:1:1: error: the file of defaults is not a mapping; write it as lines of `field: value`",
        "b/_defaults.yaml:1:8: error: byte 0xff is not UTF-8; save the file in UTF-8",
    ]
    served = await folder.served()
    assert served["one"].quality is None
    assert "a/two" not in served


async def test_defaults_may_have_the_names_of_other_tools_where_posts_do(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "tags: [Owls]\nlayout: post\ndraft: false\n")
    folder.write("one.md", post("One"))
    rules = FieldRules(site="https://me.example", is_lenient=True)
    report, told = folder.build(rules=rules)
    assert told == ["_defaults.yaml:2:1: warning: layout: is not a known field; remove it; it is ignored"]
    assert (await folder.served())["one"].topics == ("Owls",)
    assert report.files == 1


@pytest.mark.parametrize(
    ("switch", "text", "served"),
    [
        ("draft: true\n", "", False),
        ("published: false\n", "", False),
        ("published: false\n", "draft:\n", False),
        ("draft: true\n", "published: true\n", True),
        ("published: false\n", "draft: false\n", True),
        ("draft: false\n", "published: false\n", False),
        ("published: true\n", "draft: true\n", False),
    ],
)
@pytest.mark.parametrize("is_lenient", [False, True])
async def test_a_file_overrides_the_switch_of_its_folder_by_either_name(
    tmp_path: Path, switch: str, text: str, *, served: bool, is_lenient: bool
) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", f"provider: lamp.example\nwebUrl: https://l.example/{{path}}/\n{switch}")
    folder.write("one.md", post("One", text))
    _, told = folder.build(rules=FieldRules(is_lenient=is_lenient))
    assert told == []
    assert ("one" in await folder.served()) is served


async def test_the_nearest_folder_overrides_the_switch_by_either_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "provider: lamp.example\nwebUrl: https://l.example/{path}/\ndraft: true\n")
    folder.write("a/_defaults.yaml", "published: true\n")
    folder.write("a/one.md", post("One"))
    folder.write("b/two.md", post("Two"))
    _, told = folder.build()
    assert told == []
    assert {*await folder.served()} == {"a/one"}


@pytest.mark.parametrize(
    "unclear",
    [b"Draft: true\n", b"publish: no\n", b"published: later\n", b"draft: true\n{", b"draft: true\n\xff", None],
)
@pytest.mark.parametrize("is_lenient", [False, True])
async def test_below_a_switch_that_is_not_understood_articles_stay_as_they_were(
    tmp_path: Path, unclear: bytes | None, *, is_lenient: bool
) -> None:
    rules = FieldRules(is_lenient=is_lenient)
    if is_lenient and unclear in {b"Draft: true\n", b"publish: no\n"}:
        unclear = b"drafft: true\n"
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "provider: lamp.example\nwebUrl: https://l.example/{path}/\n")
    folder.write("a/_defaults.yaml", "draft: true\n")
    folder.write("a/hidden.md", post("Hidden"))
    folder.write("a/shown.md", post("Shown", "draft: false\n"))
    folder.write("other.md", post("Other"))
    folder.build(rules=rules)
    (folder.content / "a/_defaults.yaml").unlink()
    if unclear is None:
        (folder.content / "a/_defaults.yaml").symlink_to("nowhere")
    else:
        folder.write("a/_defaults.yaml", unclear)
    folder.write("a/new.md", post("New"))
    report, told = folder.build(rules=rules)
    assert report.errors
    assert all(line.startswith("a/_defaults.yaml:") for line in told)
    assert {*await folder.served()} == {"a/shown", "other"}


async def test_the_misspelt_switch_of_a_mapping_is_not_understood_either(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("_defaults.yaml", "provider: lamp.example\nwebUrl: https://l.example/{path}/\nwpi: true\n")
    folder.write("one.md", post("One"))
    report, told = folder.build(rules=FieldRules(hiders=("wip",), is_lenient=True))
    assert report.errors == 1
    assert told[0].startswith("_defaults.yaml:3:1: error: wpi: is nearly the switch that hides an article")
    assert await folder.served() == {}
