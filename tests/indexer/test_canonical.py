"""The comparable forms of URLs, topics and domains."""

import unicodedata
from typing import Literal
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.canonical import canonical_domain, canonical_key, canonical_topic, canonical_url, normalized

PIECES = ("%", "%2", "%41", "%2f", "%C3%BC", "ü", " ", "\t", "/", "//", "?", "#", ":", ":80", "@", "[", "]", "a", ".")


@pytest.mark.parametrize(
    "spelling",
    [
        "https://daily.example/a/b",
        "http://daily.example/a/b",
        "HTTPS://Daily.EXAMPLE/a/b",
        "https://daily.example:443/a/b",
        "http://daily.example:80/a/b",
        "https://daily.example/a/b/",
        "https://daily.example/a/b#comments",
        "https://daily.example/%61/b",
        "https://reader:secret@daily.example/a/b",
        "  https://daily.example/a/b\n",
    ],
)
def test_spellings_of_one_url_are_equal(spelling: str) -> None:
    assert canonical_url(spelling) == "https://daily.example/a/b"


@pytest.mark.parametrize(
    "other",
    [
        "https://daily.example/a/B",
        "https://daily.example/a/b/c",
        "https://daily.example/a%2Fb",
        "https://daily.example/a/b?page=2",
        "https://daily.example:8443/a/b",
        "https://www.daily.example/a/b",
    ],
)
def test_urls_that_may_lead_elsewhere_differ(other: str) -> None:
    assert canonical_url(other) != canonical_url("https://daily.example/a/b")


def test_a_letter_and_its_percent_escape_are_equal() -> None:
    # Browsers show the letter and send the escape: editors copy both.
    assert canonical_url("https://daily.example/größe?q=é") == canonical_url(
        "https://daily.example/gr%c3%b6%C3%9Fe?q=%C3%A9"
    )


@pytest.mark.parametrize(
    "url", ["https://münchen.example/a", "https://a_b.example./a", "https://xn--mnchen-3ya.example"]
)
def test_hosts_of_all_letters_are_hosts(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("\uff44aily.example", "daily.example"),
        ("\u212f.example", "e.example"),
        ("cafe\u0301.example", "caf\u00e9.example"),
        ("CAF\u00c9.example", "caf\u00e9.example"),
    ],
)
def test_hosts_that_browsers_read_alike_are_equal(host: str, plain: str) -> None:
    assert canonical_url(f"https://{host}/a") == canonical_url(f"https://{plain}/a")


def test_an_ipv6_host_keeps_its_brackets() -> None:
    assert canonical_url("http://[2001:DB8::1]:8000/a") == "https://[2001:db8::1]:8000/a"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "/a/b",
            "daily.example/a",
            "ftp://daily.example/a",
            "https://",
            "https:///a",
            "https://a b/",
            "http://[::1",
        ),
        *(
            "https://a\\b.example/",
            "https://a|b.example/",
            "https://a,b.example/",
        ),
        *("https://a..example/", "https://.example/", "https://a.example:0/", "https://a.example:99999/"),
    ],
)
def test_what_is_no_absolute_web_url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_url(text)


@given(st.text() | st.lists(st.sampled_from(PIECES)).map(lambda pieces: "http://host" + "".join(pieces)))
@example("http://a/%%341")
@example("http://a/b #c")
@example("http://a /")
@example("http://a/\ud800")
def test_any_text_has_one_form_or_is_refused(text: str) -> None:
    # Content files hold anything: nothing but ValueError may come of it, and the form of a form is itself.
    try:
        url = canonical_url(text)
    except ValueError:
        return
    assert canonical_url(url) == url


def outcome(url: str) -> str:
    """The form of a URL, or that it has none."""
    try:
        return canonical_url(url)
    except ValueError:
        return "refused"


plain_texts = st.text("aZ09.-_~!$&'()*+,;=:@/?#[]%", max_size=30) | st.text(
    st.characters(min_codepoint=33, max_codepoint=126), max_size=30
)


@settings(max_examples=400)
@given(st.sampled_from(("http", "https")), plain_texts)
@example("http", "a//?/?##")
@example("https", "A.:80/")
@example("https", ".../b/./../c//?#?")
@example("https", "a/;b?#")
def test_plain_urls_have_the_form_that_all_have(scheme: str, rest: str) -> None:
    # Most URLs go a way of their own, which is faster; space around a URL does not count, and keeps it from going it.
    assert outcome(f"{scheme}://{rest}") == outcome(f" {scheme}://{rest} ")


@given(st.text(st.characters(codec="utf-8")))
def test_needed_and_needless_escapes_are_one_spelling(segment: str) -> None:
    everything = "".join(f"%{byte:02x}" for byte in segment.encode())
    needed = quote(segment, safe="")
    assert canonical_url(f"https://a.example/{everything}/x") == canonical_url(f"https://a.example/{needed}/x")


@given(st.text())
def test_the_form_of_a_topics_form_is_itself(name: str) -> None:
    assert canonical_topic(canonical_topic(name)) == canonical_topic(name)


@pytest.mark.parametrize(
    "spelling", ["Crème brûlée", "CRÈME BRÛLÉE", "  crème\tbrûlée ", "cre\u0300me bru\u0302le\u0301e"]
)
def test_topics_ignore_case_space_and_how_accents_are_written(spelling: str) -> None:
    assert canonical_topic(spelling) == "crème brûlée"


@pytest.mark.parametrize(
    "spelling",
    [
        "Bundes\u00adrat",
        "Bundes\u200drat",
        "\ufeffBundesrat",
        "Bundesrat\ufe0f",
        "Bundes\u2060rat",
        "\u200bbundesrat\u200b",
    ],
)
def test_what_nobody_sees_makes_no_other_topic(spelling: str) -> None:
    assert canonical_topic(spelling) == "bundesrat"
    assert canonical_topic("Bundes\u200brat") == "bundes rat"
    assert canonical_domain("c\u00adnet.com\ufeff") == "cnet.com"


def test_topics_keep_signs_and_accents() -> None:
    # C++ is no C, and a topic is a name, not a search.
    names = ["C", "C++", "C#", "resume", "résumé"]
    assert len({canonical_topic(name) for name in names}) == len(names)


@given(st.text())
def test_the_form_of_a_domains_form_is_itself(domain: str) -> None:
    assert canonical_domain(canonical_domain(domain)) == canonical_domain(domain)


@pytest.mark.parametrize("spelling", ["daily.example", "Daily.Example", "daily.example.", " daily.example. "])
def test_domains_ignore_case_and_a_trailing_dot(spelling: str) -> None:
    assert canonical_domain(spelling) == "daily.example"


def test_a_key_is_the_same_with_composed_and_with_decomposed_letters() -> None:
    assert canonical_key("news/cafe\u0301") == canonical_key("news/caf\u00e9") == "news/caf\u00e9"
    assert canonical_key("News/a") == "News/a"


MARKS = "\u0301\u0316"  # of two classes, which normalization sorts


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("marks", [MARKS, "\uff9e\u0316"])
def test_marks_beyond_thirty_in_a_row_are_not_sorted(form: Literal["NFC", "NFD", "NFKC", "NFKD"], marks: str):
    """Sorting takes time by the square of their number, and a request may hold very many."""
    for count in (15, 100_000):
        text = normalized(form, f"x{count * marks} y{count * marks}")
        assert len(text) == len(normalized(form, f"x{15 * marks} y{15 * marks}"))


@given(st.text(alphabet="aé\u0301\u0316\uac00\u11a8 ", max_size=25))
def test_text_without_long_runs_of_marks_has_its_usual_normal_form(text: str):
    assert normalized("NFC", f"{text} " * 4) == unicodedata.normalize("NFC", f"{text} " * 4)
    assert normalized("NFKD", text) == unicodedata.normalize("NFKD", text)


def test_topics_keys_and_urls_of_many_marks_are_short_or_refused():
    assert len(canonical_topic("x" + 50_000 * MARKS)) <= 31
    assert len(canonical_key("x" + 50_000 * MARKS)) <= 31
    with pytest.raises(ValueError, match="the host of a URL has 100001 characters"):
        canonical_url(f"https://x{50_000 * MARKS}/")
