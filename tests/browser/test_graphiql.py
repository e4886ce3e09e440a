import json
from urllib.parse import urlencode

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open, Visit

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]


async def run(visit: Visit) -> str:
    """Run the query of the tab, and wait for the answer."""
    await expect(visit.page.get_by_role("region", name="Operation Editor")).to_contain_text("{")
    await visit.page.get_by_role("button", name="Execute query").click()
    answer = visit.page.get_by_role("region", name="Result")
    await expect(answer).to_contain_text("{")
    return (await answer.inner_text()).replace("\xa0", " ")


async def test_the_first_query_of_the_tour_runs_without_a_network(visit: Open):
    graphiql = await visit("/graphql", viewport={"width": 1280, "height": 800})
    await expect(graphiql.page.get_by_role("tab")).to_have_count(7)
    assert "Facial recognition" in await run(graphiql)


async def test_a_query_and_its_variables_in_the_address_fill_a_tab_each_time(visit: Open):
    query = "query Asked($key: String) { article(key: $key) { title } }"
    asked = urlencode({"query": query, "variables": json.dumps({"key": "story-31"})})
    graphiql = await visit(f"/graphql?{asked}", viewport={"width": 1280, "height": 800})
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_contain_text("Asked")
    assert "How to doubt facial recognition" in await run(graphiql)
    await graphiql.page.goto(graphiql.page.url.replace("story-31", "story-30").replace("Asked", "Again"))
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_contain_text("Again")
    assert "Facial recognition pauses" in await run(graphiql)


async def test_fields_are_completed_documented_and_prettified(visit: Open):
    graphiql = await visit("/graphql?query={articles{nodes{tit}}}", viewport={"width": 1280, "height": 800})
    await expect(graphiql.page.get_by_role("tab", selected=True)).to_be_visible()
    await graphiql.page.get_by_role("button", name="Show Documentation Explorer").click()
    await expect(
        graphiql.page.get_by_text("Where every query begins", exact=False).or_(graphiql.page.get_by_text("Root Types"))
    ).to_be_visible()
    editor = graphiql.page.get_by_role("region", name="Operation Editor")
    await editor.get_by_text("tit", exact=False).first.click()
    await graphiql.page.keyboard.press("Control+End")
    for _ in range(3):
        await graphiql.page.keyboard.press("ArrowLeft")
    await graphiql.page.keyboard.press("Control+Space")
    await expect(graphiql.page.get_by_role("option", name="title").first).to_be_visible()
    await graphiql.page.keyboard.press("Enter")
    await graphiql.page.get_by_role("button", name="Prettify query").click()
    await expect(editor).to_contain_text("title")


async def test_queries_that_ran_stand_in_the_history(visit: Open):
    graphiql = await visit("/graphql", viewport={"width": 1280, "height": 800})
    await run(graphiql)
    await graphiql.page.get_by_role("button", name="Show History").click()
    await expect(graphiql.page.get_by_role("button", name="Feed").first).to_be_visible()


async def test_a_subscription_goes_on_until_it_is_stopped(visit: Open):
    query = "subscription Changes { articleChanges { change key } }"
    graphiql = await visit(f"/graphql?{urlencode({'query': query})}", viewport={"width": 1280, "height": 800})
    await expect(graphiql.page.get_by_role("region", name="Operation Editor")).to_contain_text("articleChanges")
    async with graphiql.page.expect_response("**/graphql") as answering:
        await graphiql.page.get_by_role("button", name="Execute query").click()
    assert (await (await answering.value).header_value("content-type") or "").startswith("text/event-stream")
    await graphiql.page.get_by_role("button", name="Stop query").click()
    await expect(graphiql.page.get_by_role("button", name="Execute query")).to_be_visible()


async def test_the_home_page_leads_to_queries_that_run(visit: Open):
    home = await visit("/", viewport={"width": 1280, "height": 800})
    await home.page.get_by_role("link", name="Facets").click()
    await expect(home.page.get_by_role("tab", selected=True)).to_contain_text("Facets")
    assert "totalCount" in await run(home)
