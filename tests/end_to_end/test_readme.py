import json
import re
from pathlib import Path

from tests.end_to_end.conftest import Ask

README = Path(__file__).parents[2] / "README.md"


async def test_the_first_query_of_the_readme_has_the_answer_shown_there(ask: Ask) -> None:
    readme = README.read_text(encoding="utf-8")
    sent = re.search(r"curl .*? -d '(.*?)'\n```", readme, re.DOTALL)
    shown = re.search(r"```json\n(.*?)```", readme, re.DOTALL)
    assert sent
    assert shown
    assert await ask(json.loads(sent[1])["query"]) == json.loads(shown[1])


async def test_the_paging_query_of_the_readme_runs(ask: Ask) -> None:
    shown = re.search(r"```graphql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    answer = await ask(shown[1])
    assert "errors" not in answer
    assert answer["data"]["articles"]["nodes"]
