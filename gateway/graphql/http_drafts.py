"""Drafts of GraphQL over HTTP: the statuses and media types in which they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from gateway.config.settings import Draft
from gateway.http.negotiation import Negotiated, Offer
from schema.execution.request import Answer

_SYNTAX_ERROR = b'{"errors":[{"message":"Syntax Error'  # graphql-core begins so where a document cannot be parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Statuses:
    """The statuses on which drafts disagree."""

    malformed: int
    """JSON that is no GraphQL request."""
    unknown: int
    """The hash of an unknown document."""
    unreadable: int
    """A document that cannot be parsed."""
    invalid: int
    """A document that cannot be executed, or not with these variables."""
    partial: int
    """An answer with errors, also if they left no data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A draft's rules. The first of `offers` is the default; `refusals` maps a requested type to that of refusals."""

    offers: tuple[Offer, ...]
    statuses: Mapping[Offer, Statuses]
    refusals: Mapping[Offer, Offer]

    def of_answer(self, answer: Answer, offer: Offer) -> int:
        """The status of an answer in this media type."""
        statuses = self.statuses[offer]
        if answer.executed:
            return statuses.partial if answer.error_codes else 200
        return statuses.unreadable if answer.body.startswith(_SYNTAX_ERROR) else statuses.invalid

    def of_refusal(self, status: int, offer: Offer) -> int:
        """The status of a refusal, where `status` is 422 for a malformed request, and 200 for an unknown hash."""
        match status:
            case HTTPStatus.UNPROCESSABLE_ENTITY:
                return self.statuses[offer].malformed
            case HTTPStatus.OK:
                return self.statuses[offer].unknown
        return status

    def form(self, negotiated: Negotiated, status: int) -> Negotiated:
        """The form of a response with this status."""
        refusal = self.refusals[negotiated.offer]
        return negotiated if status < HTTPStatus.BAD_REQUEST else negotiated._replace(offer=refusal)


_OF_2024 = Statuses(malformed=400, unknown=200, unreadable=400, invalid=400, partial=200)
_OF_2026 = Statuses(malformed=422, unknown=422, unreadable=400, invalid=422, partial=294)

RULES: Mapping[Draft, Rules] = {
    Draft.YEAR_2024: Rules(
        offers=(Offer.JSON, Offer.GRAPHQL_RESPONSE),
        statuses={Offer.GRAPHQL_RESPONSE: _OF_2024, Offer.JSON: replace(_OF_2024, unreadable=200, invalid=200)},
        refusals={Offer.GRAPHQL_RESPONSE: Offer.GRAPHQL_RESPONSE, Offer.JSON: Offer.JSON},
    ),
    Draft.YEAR_2026: Rules(
        offers=(Offer.GRAPHQL_RESPONSE, Offer.JSON),
        # It recommends 294 only with the media type that defines it.
        statuses={Offer.GRAPHQL_RESPONSE: _OF_2026, Offer.JSON: replace(_OF_2026, partial=200)},
        refusals={Offer.GRAPHQL_RESPONSE: Offer.GRAPHQL_RESPONSE, Offer.JSON: Offer.GRAPHQL_RESPONSE},
    ),
}
