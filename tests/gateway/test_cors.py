import pytest

from gateway.settings import Settings
from tests.gateway.http_client import serving
from tests.samples import plain

ORIGIN = "https://daily.example"


@pytest.mark.parametrize("origins", [("*",), (ORIGIN,)])
@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "https://other.example"}])
@pytest.mark.parametrize("address", ["/graphql?query={__typename}", "/search.json?q=a"])
async def test_caches_are_told_once_that_answers_depend_on_the_origin(
    origins: tuple[str, ...], headers: dict[str, str], address: str
):
    async with serving([plain("a")], Settings(cors_origins=origins)) as http:
        answer = await http.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["vary"].split(", ").count("Origin") == 1
    is_allowed = headers.get("origin") == ORIGIN or ("origin" in headers and origins == ("*",))
    assert ("access-control-allow-origin" in answer.headers) == is_allowed
