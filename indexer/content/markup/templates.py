"""Parts of a post's body that are no text to read: what a site generator fills in, and the modules of MDX."""

import re

_TEMPLATE = re.compile(r"\{%.{0,1000}?%\}|\{\{.{0,1000}?\}\}|\{:[^{}\n]{0,200}\}", re.DOTALL)
_MODULES = re.compile(r"(?:\s*(?:import|export)[ \t{][^\n]*(?:\n[ \t]*\S[^\n]*)*(?:\n|$))+")


def text_to_read(text: str, *, is_mdx: bool) -> str:
    """The text of a body without `{% tags %}`, `{{ values }}`, `{{< shortcodes >}}` and `{: .classes}`.

    Of MDX, without the imports and exports that it begins with.
    """
    if is_mdx and (modules := _MODULES.match(text)):
        text = text[modules.end() :]
    return _TEMPLATE.sub("", text) if "{" in text else text
