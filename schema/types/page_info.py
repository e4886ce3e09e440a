"""The GraphQL type `PageInfo`."""

import strawberry


@strawberry.type(description="Where a page lies in its list, as the Relay connection specification has it.")
class PageInfo:
    """Both flags are about the whole list, whichever arguments made the page."""

    has_next_page: bool = strawberry.field(description="Whether the list goes on after this page.")
    has_previous_page: bool = strawberry.field(description="Whether the list holds entries before this page.")
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first entry: pass it as `before` for the previous page. Null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last entry: pass it as `after` for the next page. Null on an empty page."
    )
