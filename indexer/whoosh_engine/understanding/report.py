"""Reports how the text of a search was understood."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from indexer.query.parser import parse
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word, leaves, targets
from indexer.query.understanding import Match, UnderstoodWord
from indexer.text.analysis import terms
from indexer.whoosh_engine.matching.searchable_segment import MOST_TERMS

_WORD = re.compile(r"[^\W_]+")


TermsOf = Callable[[Word | Prefix], Collection[str]]  # in visible articles


def understood_words(query: Query, terms_of: TermsOf, *, typed: Query, widened: Query) -> tuple[UnderstoodWord, ...]:
    """Every word that the query looks for, each once, in order, and the terms that it stands for.

    The text was `typed` so, and `widened` by synonyms before it was corrected.
    """
    typed_names, widened_names = ({leaf.name for leaf in leaves(tree)} for tree in (typed, widened))
    understood = []
    for name, leaf in {leaf.name: leaf for target in targets(query) for leaf in leaves(target)}.items():
        forms = _forms(leaf, terms_of)
        match = _match(leaf, forms, is_typed=name in typed_names, is_widened=name in widened_names)
        understood.append(UnderstoodWord(leaf, match, tuple(forms)))
    return tuple(understood)


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


def did_you_mean(
    text: str, better: Mapping[str, str], left_out: Sequence[Query], count: Callable[[Query], int]
) -> str | None:
    """The text with `better` terms and, where nothing matches it so, without those that were left out.

    None where that matches nothing either, and where there is nothing better.
    """
    if not better:
        return None
    omissions = {word.term: "" for word in left_out if isinstance(word, Word)}
    for changes in (better, {**omissions, **better}):
        suggestion = rewritten(text, changes)
        if suggestion not in {"", text} and count(parse(suggestion)):
            return suggestion
    return None


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
    """The replacement of each misspelt term: the two queries have the same shape but for that."""
    match typed, corrected:
        case (Word(term), Word(other)) | (Word(term), Some((Word(other), *_))) if term != other:
            return {term: other}
        case Word(term), Some((Word(same), Word(other), *_)) if term == same:
            return {term: other}
        case Word(term), Phrase(apart):
            return {term: " ".join(apart)}
        case Phrase(), Phrase():
            return {term: other for term, other in zip(typed.terms, corrected.terms, strict=True) if term != other}
        case (Every(queries), Every(others)) | (Some(queries), Some(others)):
            return {
                key: value for pair in zip(queries, others, strict=True) for key, value in corrections(*pair).items()
            }
        case _:
            return {}
