import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.axe import violations
from tests.browser.conftest import Open, Visit
from tests.gateway.node_packages import Node
from tests.gateway.server_process import Server

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

PICTURELESS = 'pictures="none" page-size="5"'
TOUCH = 44  # pixels of a target for a finger


async def events(visit: Visit) -> None:
    """Keep the events of the page's search box, and open no article."""
    await visit.page.evaluate(
        """() => {
            window.told = [];
            for (const name of ["search", "select", "error"]) document.addEventListener(name, (event) => {
                if (!event.detail) return;
                if (event.detail.url) event.preventDefault();
                const { answer, article, ...detail } = event.detail;
                told.push({ name, ...detail });
            });
        }"""
    )


async def told(visit: Visit) -> list[dict[str, Any]]:
    return await visit.page.evaluate("told")


async def suggested(visit: Visit, typed: str) -> None:
    """Wait until what is suggested is for the text as typed to its end."""
    await expect(visit.page.get_by_role("option").first.locator("mark")).to_have_text(typed)


async def active(visit: Visit) -> str | None:
    """The text of the option that a screen reader is told to be on."""
    return await visit.page.evaluate(
        """() => {
            const { shadowRoot } = document.querySelector("newsstand-search");
            const id = shadowRoot.querySelector("input").getAttribute("aria-activedescendant");
            return id && shadowRoot.getElementById(id).textContent;
        }"""
    )


async def test_a_mouse_alone_searches_narrows_and_pages_in_a_page_of_another_origin(embedded: Open):
    visit = await embedded(PICTURELESS)
    await events(visit)
    await visit.input.fill("harbour")
    await visit.page.get_by_role("option", name="The Harbour Post").click()
    await expect(visit.page.get_by_role("option")).to_have_count(5)
    await expect(visit.page.get_by_role("status")).to_have_text("30 articles")
    await visit.page.get_by_role("button", name="Show more").click()
    await expect(visit.page.get_by_role("option")).to_have_count(10)
    assert (await active(visit) or "").startswith("Harbour report")
    await visit.page.get_by_role("option").nth(9).click()
    await visit.page.get_by_role("button", name="Clear").click()
    await expect(visit.input).to_have_value("")
    await expect(visit.page.get_by_role("listbox")).to_have_count(0)
    names = [(each["name"], each.get("kind")) for each in await told(visit)]
    assert names == [("select", "provider"), ("search", None), ("select", "result")]


async def test_a_keyboard_alone_does_all_of_it_while_focus_stays_in_the_input(embedded: Open):
    visit = await embedded(PICTURELESS)
    await events(visit)
    keyboard = visit.page.keyboard
    await keyboard.press("Control+k")
    await keyboard.type("cit")
    await suggested(visit, "Cit")
    await expect(visit.input).to_have_attribute("aria-expanded", "true")
    assert await active(visit) is None
    await keyboard.press("ArrowDown")
    assert await active(visit) == "Cities31 articles"
    await keyboard.press("ArrowUp")
    assert await active(visit) is None
    await keyboard.press("Home")
    await keyboard.type("x")
    await expect(visit.input).to_have_value("xcit")
    await keyboard.press("Backspace")
    await keyboard.press("End")
    await suggested(visit, "Cit")
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")
    await expect(visit.page.get_by_role("option")).to_have_count(5)
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")
    await keyboard.press("Escape")
    await expect(visit.input).to_have_attribute("aria-expanded", "false")
    await expect(visit.input).to_be_focused()
    assert [(each["name"], each.get("newTab")) for each in await told(visit)] == [
        ("select", False),
        ("search", None),
        ("select", False),
    ]


async def test_escape_closes_and_then_clears_and_tab_leaves(embedded: Open):
    visit = await embedded(PICTURELESS)
    keyboard = visit.page.keyboard
    await visit.input.press_sequentially("cit")
    await suggested(visit, "Cit")
    await keyboard.press("Escape")
    await expect(visit.page.get_by_role("option")).to_have_count(0)
    await expect(visit.input).to_have_value("cit")
    await keyboard.press("Escape")
    await expect(visit.input).to_have_value("")
    await visit.input.press_sequentially("cit")
    await suggested(visit, "Cit")
    await keyboard.press("Tab")
    await expect(visit.page.get_by_role("link", name="More")).to_be_focused()
    await expect(visit.page.get_by_role("option")).to_have_count(0)


async def test_modified_enter_opens_a_result_in_a_new_tab(embedded: Open):
    visit = await embedded(PICTURELESS)
    await visit.page.context.route("https://*.example/**", lambda route: route.fulfill(body="An article"))
    await visit.input.fill("facial recognition")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("option")).to_have_count(2)
    await visit.page.keyboard.press("ArrowDown")
    async with visit.page.context.expect_page() as opening:
        await visit.page.keyboard.press("Control+Enter")
    assert (await opening.value).url.startswith("https://gazette.example/story-")
    assert visit.page.url.endswith("/page.html")


async def test_a_finger_finds_targets_that_are_large_enough(embedded: Open):
    visit = await embedded(PICTURELESS, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 640})
    await events(visit)
    await visit.input.tap()
    await visit.input.press_sequentially("facial")
    await expect(visit.page.get_by_role("option").first).to_be_visible()
    await visit.page.get_by_role("button", name="Search", exact=True).tap()
    await expect(visit.page.get_by_role("status")).to_have_text("2 articles")
    targets = [*await visit.page.get_by_role("option").all(), *await visit.page.get_by_role("button").all()]
    boxes = [box for target in targets if (box := await target.bounding_box())]
    assert len(boxes) >= 4
    assert min(min(box["width"], box["height"]) for box in boxes) >= TOUCH
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_results_are_narrowed_by_what_they_have_and_widened_again(embedded: Open):
    visit = await embedded(PICTURELESS)
    await events(visit)
    await visit.input.fill("recognition")
    await visit.page.keyboard.press("Enter")
    await visit.page.get_by_role("button", name="AI 2").click()
    chosen = visit.page.get_by_role("button", name="AI", pressed=True)
    await expect(chosen).to_be_visible()
    await expect(visit.input).to_be_focused()
    await visit.page.keyboard.press("Tab")
    await visit.page.keyboard.press("Tab")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("button", pressed=True)).to_have_count(2)
    await chosen.click()
    await expect(visit.page.get_by_role("status")).to_have_text("1 article")
    assert [each["topics"] for each in await told(visit)] == [[], ["ai"], ["ai", "cities"], ["cities"]]


async def test_what_was_meant_and_what_was_left_out_is_told(embedded: Open):
    visit = await embedded(PICTURELESS)
    await visit.input.fill("facial recogniton zebra")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_text("Left out: zebra")).to_be_visible()
    await visit.input.fill("facial recogniton")
    await visit.page.keyboard.press("Enter")
    await visit.page.get_by_role("button", name="facial recognition").click()
    await expect(visit.input).to_have_value("facial recognition")
    title = visit.page.get_by_role("option").filter(has_text="How to doubt")
    await expect(title.locator("mark")).to_have_text(["facial", "recognition"])


async def test_answers_out_of_order_never_overtake_each_other(embedded: Open):
    """The first answer is held back until the last has come, and is then given as if nobody had given it up."""
    visit = await embedded('pictures="none" debounce="0"')
    await visit.page.evaluate(
        """() => {
            const { fetch } = window;
            window.asked = [];
            window.fetch = (url) => {  // a network that cannot cancel
                const answer = fetch(url);
                asked.push(url.searchParams.get("q"));
                return asked.length === 1 ? new Promise((resolve) => (window.release = () => resolve(answer))) : answer;
            };
        }"""
    )
    await visit.input.press_sequentially("h")
    await visit.input.press_sequentially("ow to doubt")
    await expect(visit.page.get_by_role("option")).to_have_text(["How to doubt facial recognition"])
    await visit.page.evaluate("release()")
    await asyncio.sleep(0.2)
    await expect(visit.page.get_by_role("option")).to_have_text(["How to doubt facial recognition"])
    assert (await visit.page.evaluate("asked"))[0] == "h"


async def test_a_slow_server_is_asked_seldom_and_given_up_questions_are_cancelled(embedded: Open):
    visit = await embedded('pictures="none" debounce="100"')
    asked, failed = [], []

    async def slowly(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        await asyncio.sleep(0.4)
        await route.continue_()

    visit.page.on("requestfailed", lambda request: failed.append(request.failure))
    await visit.page.route("**/suggest.json*", slowly)
    await visit.input.press_sequentially("harbour rep", delay=20)
    await expect(visit.page.get_by_role("option").first).to_contain_text("Harbour report")
    assert asked[0] == "h"
    assert asked[-1] == "harbour rep"
    assert len(asked) < len("harbour rep")
    assert set(failed) == {"net::ERR_ABORTED"}


async def test_a_failing_server_leaves_links_and_a_retry(embedded: Open, packages: Node):
    visit = await embedded(PICTURELESS)
    await events(visit)
    await visit.input.fill("facial recognition")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("option")).to_have_count(2)
    is_down = True

    async def answer(route: Route) -> None:
        await (route.fulfill(status=503, body="no JSON") if is_down else route.continue_())

    await visit.page.route("**/search.json*", answer)
    await visit.input.fill("harbour")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("alert")).to_have_text("The search does not answer at the moment.")
    await expect(visit.page.get_by_role("link", name="How to doubt facial recognition")).to_be_visible()
    assert await violations(visit.page, packages) == []
    assert (await told(visit))[-1] == {"name": "error", "status": 503, "message": "Service Unavailable"}
    is_down = False
    await visit.page.get_by_role("button", name="Try again").click()
    await expect(visit.page.get_by_role("option")).to_have_count(5)
    [complaint] = visit.complaints
    assert "503" in complaint
    visit.complaints.clear()


async def test_a_refusal_is_shown_in_the_words_of_the_server(embedded: Open):
    visit = await embedded('ranking="loudest" pictures="none"')
    await visit.input.fill("harbour")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("alert")).to_contain_text("loudest")
    visit.complaints.clear()


async def test_five_hundred_keystrokes_leave_no_nodes_or_listeners_behind(embedded: Open):
    visit = await embedded('pictures="none" debounce="0"')
    cdp = await visit.page.context.new_cdp_session(visit.page)

    async def held() -> dict[str, int]:
        await visit.input.fill("cit")
        await suggested(visit, "Cit")
        await cdp.send("HeapProfiler.collectGarbage")
        counters = await cdp.send("Memory.getDOMCounters")
        return {name: counters[name] for name in ("nodes", "jsEventListeners")}

    async def type_words(count: int) -> None:
        for _ in range(count):
            await visit.input.fill("")
            await visit.input.press_sequentially("harbour facial recognize cities in reports of the harbour"[:50])

    await type_words(1)
    before = await held()
    await type_words(10)
    after = await held()
    assert after["nodes"] <= before["nodes"] + 50
    assert after["jsEventListeners"] <= before["jsEventListeners"] + 10


async def test_a_box_that_is_removed_listens_no_more(embedded: Open):
    visit = await embedded(PICTURELESS)
    await visit.page.evaluate("window.box = document.querySelector('newsstand-search'); box.remove()")
    await visit.page.keyboard.press("Control+k")
    await visit.page.evaluate("document.querySelector('main').append(box)")
    await visit.page.keyboard.press("Control+k")
    await expect(visit.input).to_be_focused()


async def test_a_page_narrows_the_box_to_a_topic_and_providers(embedded: Open):
    visit = await embedded('topic="ai" provider="gazette.example" pictures="none" ranking="oldest" page-size="1"')
    async with visit.page.expect_response("**/search.json*") as answering:
        await visit.input.fill("recognition")
        await visit.page.keyboard.press("Enter")
    asked = parse_qs(urlsplit((await answering.value).url).query)
    assert asked["topic"] == ["ai"]
    assert asked["provider"] == ["gazette.example"]
    assert (asked["ranking"], asked["first"]) == (["oldest"], ["1"])
    await expect(visit.page.get_by_role("status")).to_have_text("2 articles")


async def test_recent_searches_are_kept_only_where_the_page_asks_for_them(embedded: Open):
    for attributes, kept in ((PICTURELESS, 0), (f"recent {PICTURELESS}", 1)):
        visit = await embedded(attributes)
        await visit.input.fill("harbour")
        await visit.page.keyboard.press("Enter")
        await expect(visit.page.get_by_role("option")).to_have_count(5)
        await visit.page.keyboard.press("Escape")
        await visit.page.keyboard.press("Escape")
        await visit.page.keyboard.press("ArrowDown")
        await expect(visit.page.get_by_role("option", name="harbour")).to_have_count(kept)
    await visit.page.get_by_role("button", name="Forget them").click()
    await visit.page.keyboard.press("ArrowDown")
    await expect(visit.page.get_by_role("option")).to_have_count(0)


async def test_texts_are_german_in_german_pages_and_replaced_where_a_page_has_its_own(embedded: Open):
    visit = await embedded(PICTURELESS, lang="de-AT")
    await expect(visit.input).to_have_attribute("placeholder", "Artikel suchen")
    await visit.input.fill("xyzzy")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("status")).to_have_text("Für „xyzzy“ wurde nichts gefunden.")
    await visit.page.evaluate("document.querySelector('newsstand-search').texts = { label: 'Im Archiv suchen' }")
    await expect(visit.input).to_have_attribute("aria-label", "Im Archiv suchen")


async def test_markup_from_a_server_that_lies_is_text(embedded: Open):
    visit = await embedded()
    lie = {
        "query": "x",
        "total": 1,
        "next": None,
        "didYouMean": None,
        "leftOut": [],
        "hits": [
            {
                "title": "x",
                "webUrl": "javascript:alert(1)",
                "publishedDateTime": "2024-01-01T00:00:00Z",
                "provider": {"name": "<b>x</b>", "domain": "x.example"},
                "image": {"url": "javascript:alert(1)"},
                "highlights": {
                    "title": "<img src=x onerror=alert(1)>&lt;<mark>x</mark>",
                    "body": None,
                    "excerpt": None,
                },
            }
        ],
    }
    await visit.page.route("**/search.json*", lambda route: route.fulfill(json=lie))
    await visit.input.fill("x")
    await visit.page.keyboard.press("Enter")
    option = visit.page.get_by_role("option")
    await expect(option).to_contain_text("<img src=x onerror=alert(1)><x")
    assert await option.get_attribute("href") is None
    assert await option.locator("img, b").count() == 0


async def test_a_form_and_links_in_the_element_serve_where_scripts_do_not(embedded: Open, server: Server):
    inside = f'><form action="{server.url("/search.json")}"><input name="q" aria-label="Search"></form'
    visit = await embedded(inside, java_script_enabled=False)
    await visit.page.get_by_label("Search").fill("facial")
    await visit.page.keyboard.press("Enter")
    await visit.page.wait_for_url("**/search.json?q=facial")


async def test_react_renders_the_box_and_hears_its_events(visit: Open, react_page: str):
    page = await visit(react_page, also=(react_page.rpartition("/")[0],))
    await page.input.fill("facial recognition")
    await page.page.keyboard.press("Enter")
    await expect(page.page.get_by_role("option")).to_have_count(2)
    await page.page.keyboard.press("ArrowDown")
    await page.page.keyboard.press("Enter")
    await expect(page.page.locator("output")).to_contain_text("search facial recognition; select ")


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"reduced_motion": "reduce", "viewport": {"width": 320, "height": 480}},
        {"direction": "rtl", "lang": "ar"},
    ],
    ids=lambda options: "-".join(map(str, options.values())),
)
async def test_no_state_of_the_box_breaks_a_rule_of_accessibility(
    embedded: Open, packages: Node, options: dict[str, Any]
):
    visit = await embedded(f"recent {PICTURELESS}", **options)
    assert await violations(visit.page, packages) == []
    await visit.input.press_sequentially("cit")
    await suggested(visit, "Cit")
    await visit.page.keyboard.press("ArrowDown")
    assert await violations(visit.page, packages) == []
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_role("option")).to_have_count(5)
    assert await violations(visit.page, packages) == []
    await visit.input.fill("xyzzy")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_text("Nothing was found for “xyzzy”.").first).to_be_visible()
    assert await violations(visit.page, packages) == []
