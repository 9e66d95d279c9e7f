"""Stored glossaries: every change is a new version, and a version never changes.

`GlossaryStore(store)`; every method is one transaction.

    put(id, terms, *, name="", expected=None, new=False) -> StoredGlossary   the next version
    get(id, version=None) -> StoredGlossary                                  the newest, or one
    latest() -> list[StoredGlossary]                                         of every id, by id
    versions(id) -> list[StoredGlossary]                                     newest first
    delete(id, expected=None) -> None                                        all its versions
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select
from sqlalchemy.exc import IntegrityError

from service.article import Language
from service.errors import GlossaryBroken, GlossaryConflict, GlossaryNotFound
from service.store.engine import Store
from service.store.tables import glossaries as table
from service.terms import TermList, read_terms

ID_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_ID = re.compile(ID_PATTERN)
_c = table.c


@dataclass(frozen=True, slots=True)
class StoredGlossary:
    """One version of a glossary; `terms` has its languages, and "id@version" as its label."""

    id: str
    version: int
    name: str
    terms: TermList
    sha256: str  # of the terms as TSV
    created_at: float  # seconds since 1970

    @property
    def etag(self) -> str:
        """Names the version and its content."""
        return f'"{self.version}-{self.sha256[:16]}"'


class GlossaryStore:
    """The glossaries in a store; see the module's description."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def put(
        self,
        glossary_id: str,
        terms: TermList,
        *,
        name: str = "",
        expected: str | None = None,
        new: bool = False,
    ) -> StoredGlossary:
        """Store `terms` as the next version; the newest as it is, where nothing differs.

        `expected` is the ETag that the newest version must have, `new` says that there must be
        none; else GlossaryConflict is raised. Raises GlossaryBroken for a bad id, and for terms
        that do not say which language they are of.
        """
        if not _ID.fullmatch(glossary_id):
            message = (
                "A glossary's id has 1 to 64 small letters without marks, digits and `.`, `_`, "
                "`-`, and begins with a letter or digit."
            )
            raise GlossaryBroken(message)
        source = terms.source_language
        if source is None:
            message = (
                "Say which language the terms are of: `source_language`, or a first line "
                "`vi<TAB>en` or `en<TAB>vi`."
            )
            raise GlossaryBroken(message)
        tsv = terms.to_tsv()
        values = {
            "id": glossary_id,
            "source_language": source.value,
            "target_language": source.other.value,
            "name": name,
            "terms": tsv,
            "sha256": hashlib.sha256(tsv.encode()).hexdigest(),
        }
        try:
            return self.store.transact(partial(self._put, values, expected, new))
        except IntegrityError as error:  # another writer was first
            raise GlossaryConflict from error

    def _put(
        self, values: Mapping[str, str], expected: str | None, new: bool, connection: Connection
    ) -> StoredGlossary:
        newest = _newest(connection, values["id"])
        if (new and newest is not None) or (
            expected is not None and (newest is None or newest.etag != expected)
        ):
            raise GlossaryConflict
        if newest and (newest.sha256, newest.name) == (values["sha256"], values["name"]):
            return newest
        version = newest.version + 1 if newest else 1
        now = self.store.now(connection)
        added = insert(table).values(**values, version=version, created_at=now).returning(table)
        return _stored(connection.execute(added).one())

    def get(self, glossary_id: str, version: int | None = None) -> StoredGlossary:
        """One version, the newest by default; raises GlossaryNotFound."""
        query = select(table).where(_c.id == glossary_id)
        if version is not None:
            query = query.where(_c.version == version)
        with self.store.read() as connection:
            row = connection.execute(query.order_by(_c.version.desc()).limit(1)).first()
        if row is None:
            raise GlossaryNotFound
        return _stored(row)

    def latest(self) -> list[StoredGlossary]:
        """The newest version of every glossary, by id."""
        with self.store.read() as connection:
            rows = connection.execute(select(table).order_by(_c.id, _c.version)).all()
        return [_stored(row) for row in {row.id: row for row in rows}.values()]

    def versions(self, glossary_id: str) -> list[StoredGlossary]:
        """All versions, newest first; raises GlossaryNotFound."""
        query = select(table).where(_c.id == glossary_id).order_by(_c.version.desc())
        with self.store.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            raise GlossaryNotFound
        return [_stored(row) for row in rows]

    def delete(self, glossary_id: str, expected: str | None = None) -> None:
        """Remove all versions; raises GlossaryNotFound, GlossaryConflict."""

        def work(connection: Connection) -> None:
            newest = _newest(connection, glossary_id)
            if newest is None:
                raise GlossaryNotFound
            if expected is not None and newest.etag != expected:
                raise GlossaryConflict
            connection.execute(delete(table).where(_c.id == glossary_id))

        self.store.transact(work)


def _newest(connection: Connection, glossary_id: str) -> StoredGlossary | None:
    query = select(table).where(_c.id == glossary_id).order_by(_c.version.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _stored(row)


def _stored(row: Row[Any]) -> StoredGlossary:
    label = f"{row.id}@{row.version}"
    terms = read_terms(row.terms, Language(row.source_language), label)
    return StoredGlossary(row.id, row.version, row.name, terms, row.sha256, row.created_at)
