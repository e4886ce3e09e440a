from collections.abc import Callable
from typing import TypeAlias

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import Segment

MergePolicy: TypeAlias = Callable[[SegmentWriter, list[Segment]], list[Segment]]

def CLEAR(writer: SegmentWriter, segments: list[Segment]) -> list[Segment]: ...  # noqa: N802  # the library's name

class SegmentWriter:
    docnum: int
    generation: int
    indexname: str
    newsegment: Segment
    schema: Schema
    segments: list[Segment]
    storage: FileStorage
    def add_document(self, **fields: object) -> None: ...
    def cancel(self) -> None: ...
    def commit(self, *, mergetype: MergePolicy | None = None) -> None: ...
    def delete_by_term(self, field: str, text: str) -> int: ...
