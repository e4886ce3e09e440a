"""Reports how the text of a search was understood."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word, is_beginning, leaves, targets
from indexer.query.understanding import Match, UnderstoodWord
from indexer.text.analysis import BOUNDARY, terms
from indexer.understanding.visible_words import MOST_TERMS

_WORD = re.compile(r"[^\W_]+")


TermsOf = Callable[[Word | Prefix], Collection[str]]  # in visible articles


def understood_words(query: Query, terms_of: TermsOf, *, typed: Query, widened: Query) -> tuple[UnderstoodWord, ...]:
    """Every word that the query looks for, each once, in order, and the terms that it stands for.

    The text was `typed` so, and `widened` by synonyms before it was corrected.
    """
    typed_names, widened_names = ({leaf.name for leaf in leaves(tree)} for tree in (typed, widened))
    understood = []
    for name, leaf in {leaf.name: leaf for target in targets(query) for leaf in leaves(target)}.items():
        if isinstance(leaf, Word) and leaf.term == BOUNDARY:
            continue
        forms = _forms(leaf, terms_of)
        match = _match(leaf, forms, is_typed=name in typed_names, is_widened=name in widened_names)
        understood.append(UnderstoodWord(leaf, match, tuple(forms)))
    return tuple(_without_doubles(understood))


def _without_doubles(words: Sequence[UnderstoodWord]) -> Iterator[UnderstoodWord]:
    """Each word once: one that is still being typed as itself, or else as the beginning that it has matched as."""
    begun = {(leaf.prefix, leaf.fields): word for word in words if isinstance(leaf := word.leaf, Prefix)}
    whole = {(leaf.term, leaf.fields): word for word in words if isinstance(leaf := word.leaf, Word)}
    for word in words:
        leaf = word.leaf
        if isinstance(leaf, Word):
            other = begun.get((leaf.term, leaf.fields))
            is_double = not word.terms and other is not None and is_beginning(other.leaf) and bool(other.terms)
        else:
            other = whole.get((leaf.prefix, leaf.fields))
            is_double = is_beginning(leaf) and other is not None and bool(other.terms or not word.terms)
        if not is_double:
            yield word


def _forms(leaf: Word | Prefix, terms_of: TermsOf) -> list[str]:
    """The terms of visible articles that a word or prefix stands for, the best first."""
    if isinstance(leaf, Prefix):
        return sorted(terms_of(leaf))[:MOST_TERMS]
    return sorted(terms_of(leaf), key=lambda form: (form != leaf.term, form))


def _match(leaf: Word | Prefix, forms: Sequence[str], *, is_typed: bool, is_widened: bool) -> Match:
    if not forms:
        return Match.NONE
    if isinstance(leaf, Prefix):
        return Match.PREFIX
    if not is_widened:
        return Match.FUZZY
    if not is_typed:
        return Match.SYNONYM
    return Match.EXACT if leaf.term in forms else Match.STEM


def did_you_mean(text: str, kept: str, betters: Sequence[Mapping[str, str]], count: Callable[[str], int]) -> str | None:
    """The text with better terms and, where nothing matches it so, what is `kept` of it with them.

    Of several mappings to better terms, the first that leads to something counts. None where that matches nothing
    either, and where there is nothing better.
    """
    for written in dict.fromkeys((text, kept)):
        for better in betters:
            suggestion = rewritten(written, better)
            if suggestion not in {text, " ".join(written.split())} and count(suggestion):
                return suggestion
    return None


def without(written: Sequence[tuple[Query, str]], left_out: Sequence[Query], *, but: Mapping[str, str]) -> str:
    """The words of a text without those of the parts left out, but with all that have a better term."""
    kept = (words for part, words in written if part not in left_out or rewritten(words, but) != words)
    return " ".join(kept)


def rewritten(text: str, corrections: Mapping[str, str]) -> str:
    """The text with misspelt terms replaced by others, or left out; capitals at the beginning of words stay."""

    def replaced(match: re.Match[str]) -> str:
        typed = match[0]
        better = corrections.get("".join(terms(typed)))
        if better is None:
            return typed
        return better.capitalize() if typed[0].isupper() else better

    return " ".join(_WORD.sub(replaced, text).split())


def corrections(typed: Query, corrected: Query) -> dict[str, str]:
    """The replacement of each misspelt term. The two queries have the same shape but for that, and for words in two."""
    match typed, corrected:
        case (Word(term), Word(other)) | (Word(term), Some((Word(other), *_))) if term != other:
            return {term: other}
        case Word(term), Some((Word(same), Word(other), *_)) if term == same:
            return {term: other}
        case Phrase(), Phrase():
            return {term: other for term, other in zip(typed.terms, corrected.terms, strict=True) if term != other}
        case (Every(queries), Every(others)) | (Some(queries), Some(others)):
            return {
                key: value for pair in zip(queries, others, strict=True) for key, value in corrections(*pair).items()
            }
        case _:
            return {}
