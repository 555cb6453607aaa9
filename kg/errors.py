"""The errors that kg raises on purpose. Each message says where, what, and what to do.

KgError
|-- DataError          a file of ontology/ breaks its own laws (file, line, column)
|-- InputError         an article, folder or option given by the user is at fault
|   |-- UnreadableInput    it cannot be decoded or parsed
|   `-- UnsupportedInput   it is of a kind kg does not read
|-- TermError          a term that ontology/*.ttl does not define
|-- QueryError         a SPARQL query is wrong, refused or too slow
|-- StoreError         the store is missing, locked or damaged
`-- MissingExtra       an optional package is needed; the message names the extra
"""


class KgError(Exception):
    """Base of all errors kg raises on purpose."""


class DataError(KgError):
    """A file of ``ontology/`` breaks its own laws."""

    def __init__(self, path: str, line: int, what: str, column: str | None = None) -> None:
        where = f"{path}:{line}" + (f" [{column}]" if column else "")
        super().__init__(f"{where}: {what}")
        self.path, self.line, self.column = path, line, column


class InputError(KgError):
    """Something the user gave is at fault."""


class UnreadableInput(InputError):
    """The input cannot be decoded or parsed."""


class UnsupportedInput(InputError):
    """The input is of a kind that kg does not read."""


class TermError(KgError):
    """A term that the ontology does not define."""


class QueryError(KgError):
    """A SPARQL query is wrong, refused or too slow."""


class StoreError(KgError):
    """The store is missing, locked or damaged."""


class MissingExtra(KgError):
    """An optional package is needed."""
