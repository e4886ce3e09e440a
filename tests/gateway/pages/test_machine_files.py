from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from gateway.config.errors import SettingError
from gateway.config.setting_values import SettingValues
from gateway.config.settings import Settings
from schema.execution.request import utc_now
from schema.schema import sdl
from tests.gateway.http_client import serving
from tests.replacing import replace

NAMESPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


async def test_browsers_can_add_the_search_of_a_server():
    async with serving([], Settings(feed_title="The Harbour & Its Newspapers")) as http:
        answer = await http.get("/opensearch.xml")
    description = ET.fromstring(answer.content)  # noqa: S314 - our own
    templates = {each.get("type"): each.get("template") for each in description.iter(f"{NAMESPACE}Url")}
    assert templates["text/html"] == "http://n.example/?q={searchTerms}"
    assert templates["application/atom+xml"] == "http://n.example/feed.atom?q={searchTerms}"
    assert description.findtext(f"{NAMESPACE}ShortName") == "The Harbour & It"


async def test_the_schema_is_served_as_it_is():
    async with serving([]) as http:
        answer = await http.get("/schema.graphql")
    assert answer.text == sdl()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_contact_for_security_holds_for_less_than_a_year():
    async with serving([], replace(Settings(), security_contact="mailto:safe@news.example")) as http:
        answer = await http.get("/.well-known/security.txt")
    contact, expires = answer.text.splitlines()
    assert contact == "Contact: mailto:safe@news.example"
    until = datetime.fromisoformat(expires.removeprefix("Expires: "))
    assert 100 < (until - utc_now()).days < 365


async def test_without_a_contact_there_is_nothing():
    async with serving([]) as http:
        assert (await http.get("/.well-known/security.txt")).status_code == 404


@pytest.mark.parametrize(
    ("written", "contact"),
    [
        ("safe@news.example", "mailto:safe@news.example"),
        ("mailto:safe@news.example", "mailto:safe@news.example"),
        ("https://news.example/safe", "https://news.example/safe"),
        (" ", None),
    ],
)
def test_a_contact_is_a_uri(written: str, contact: str | None):
    values = SettingValues({"NEWSSTAND_SECURITY_CONTACT": written}, {})
    assert values.contact("security_contact", None) == contact


@pytest.mark.parametrize(
    "written", ["safe", "http://news.example", "a@b\nX: y", "https://news.example/\nX: y", "tel:1"]
)
def test_a_contact_that_is_none_is_refused(written: str):
    values = SettingValues({"NEWSSTAND_SECURITY_CONTACT": written}, {})
    with pytest.raises(SettingError, match=r"like security@example\.com"):
        values.contact("security_contact", None)
