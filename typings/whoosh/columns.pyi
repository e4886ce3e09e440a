from collections.abc import Iterator

from whoosh.filedb.structfile import StructFile

class Column:
    def default_value(self) -> int: ...

class ColumnReader:
    def __getitem__(self, document: int) -> bytes: ...
    def __iter__(self) -> Iterator[bytes]: ...

class NumericColumn(Column):
    _typecode: str
    def __init__(self, typecode: str, default: int = 0) -> None: ...

    class Reader(ColumnReader):
        _dbfile: StructFile
        _basepos: int
        _count: int
        _fixedlen: int

class VarBytesColumn(Column): ...
