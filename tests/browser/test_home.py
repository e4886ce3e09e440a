from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.gateway.node_packages import Node

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("browser")]

MOST_BYTES = 60_000  # of all that the page loads, packed
WIDTHS = (360, 768, 1280)
MEASURED = """
    () => new Promise((resolve) => {
        const shifts = [];
        new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
            .observe({ type: "layout-shift", buffered: true });
        const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        setTimeout(() => resolve({ shifts, bytes: loaded.map((entry) => [entry.name, entry.transferSize]) }), 300);
    })
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_the_home_page_fits_every_screen_and_breaks_no_rule_of_accessibility(
    visit: Open, packages: Node, scheme: str, width: int
):
    home = await visit("/", color_scheme=scheme, viewport={"width": width, "height": 800})
    await expect(home.page.get_by_role("heading", name="Newest")).to_be_visible()
    assert await violations(home.page, packages) == []
    assert await home.page.evaluate("document.documentElement.scrollWidth") <= width
    await home.page.goto(home.page.url + "?q=harbour&topic=cities")
    await expect(home.page.get_by_role("heading", name="Search: harbour")).to_be_visible()
    assert await violations(home.page, packages) == []
    assert await home.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"viewport": {"width": 640, "height": 400}}])
async def test_it_holds_in_forced_colours_and_at_twice_the_size(visit: Open, packages: Node, options: dict[str, Any]):
    """A window of 640 pixels is one of 1280 at 200 %; text alone at 200 % must fit into it, too."""
    home = await visit("/", **options)
    await home.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await violations(home.page, packages) == []
    width = await home.page.evaluate("innerWidth")
    assert await home.page.evaluate("document.documentElement.scrollWidth") <= width


async def test_little_is_loaded_and_nothing_moves(visit: Open):
    home = await visit("/")
    measured = await home.page.evaluate(MEASURED)
    assert measured["shifts"] == []
    assert sum(size for _, size in measured["bytes"]) < MOST_BYTES
    assert len(measured["bytes"]) >= 4


async def test_the_box_of_the_home_page_searches_and_keeps_the_address_in_step(visit: Open):
    home = await visit("/")
    await home.input.fill("facial recognition")
    await home.page.keyboard.press("Enter")
    await expect(home.page.get_by_role("option")).to_have_count(2)
    assert home.page.url.endswith("/?q=facial+recognition")
    await home.page.reload()
    await expect(home.input).to_have_value("facial recognition")
    await expect(home.page.get_by_role("article")).to_have_count(2)


async def test_without_scripts_a_search_is_a_page(visit: Open):
    home = await visit("/", java_script_enabled=False)
    await home.page.get_by_label("Search articles").fill("facial recognition")
    await home.page.keyboard.press("Enter")
    await expect(home.page.get_by_role("article")).to_have_count(2)
    await home.page.get_by_role("link", name="AI", exact=True).first.click()
    await home.page.wait_for_url("**/?topic=AI")


async def test_a_bar_leads_to_the_articles_of_its_month(visit: Open):
    home = await visit("/")
    await home.page.get_by_role("link", name="January 2024: 2 articles").click()
    await home.page.wait_for_url("**/?from=2024-01-01&to=2024-01-31")
    await expect(home.page.get_by_role("article")).to_have_count(2)


async def test_commands_are_copied(visit: Open):
    home = await visit("/", permissions=["clipboard-read", "clipboard-write"])
    await home.page.get_by_role("button", name="Copy: curl").click()
    await expect(home.page.get_by_role("button", name="Copy: curl")).to_have_text("Copied")
    copied = await home.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl 'http://127.0.0.1:")
