"""The accessibility of a page, as axe-core sees it."""

from playwright.async_api import Page

from tests.gateway.node_packages import Node

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page, packages: Node) -> list[str]:
    """The rules that the page breaks, with the elements that break them."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate((packages.folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    result = await page.evaluate("(tags) => axe.run({ runOnly: tags })", RULES)
    return [f"{each['id']}: {node['target']} {node['html']}" for each in result["violations"] for node in each["nodes"]]
