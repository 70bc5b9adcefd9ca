"""A clinic's tables, and how one row of each becomes a line of JSON that any installation can read, and a row again."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from practices.accounts.models import Session
from practices.archives.taking import quoted
from practices.vault.columns import IndexColumn, index_columns, sealed_places
from practices.vault.places import SealedPlace

# Which migrations were run is in the manifest; who is signed in stays behind.
LEFT_BEHIND = (str(MigrationRecorder.Migration._meta.db_table), str(Session._meta.db_table))
TABLES = """
SELECT relname,
  array_agg(attname ORDER BY attnum),
  coalesce(array_agg(attname) FILTER (WHERE attnotnull AND atttypid = 'jsonb'::regtype), '{}'),
  (SELECT array_agg(attname ORDER BY attnum) FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = pg_class.oid AND indisprimary),
  EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY pg_class.oid, relname ORDER BY relname
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a schema. `indexes` are made anew from what is sealed beside them, so they are not carried."""

    schema: str
    name: str
    columns: list[str]
    json_columns: list[str]
    key: list[str]
    has_triggers: bool
    sealed: tuple[SealedPlace[Any], ...]
    indexes: tuple[IndexColumn, ...]

    @property
    def quoted(self) -> str:
        return f"{quoted(self.schema)}.{quoted(self.name)}"

    @property
    def carried(self) -> list[str]:
        made_anew = {index.field.column for index in self.indexes}
        return [column for column in self.columns if column not in made_anew]

    @property
    def sealed_names(self) -> list[str]:
        return sorted(map(str, self.sealed))

    def select(self) -> str:
        """Every row as JSON, in the order of its key."""
        columns, key = (", ".join(map(quoted, names)) for names in (self.carried, self.key))
        rows = f"SELECT {columns} FROM {self.quoted} ORDER BY {key}"  # noqa: S608 - names are quoted
        return f"SELECT row_to_json(one)::text FROM ({rows}) AS one"  # noqa: S608

    def insert(self) -> str:
        """Rows of a JSON array. In JSON a null is the column's; one that may have none has JSON's own."""
        columns = ", ".join(map(quoted, self.columns))
        values = ", ".join(
            f"coalesce({quoted(column)}, 'null'::jsonb)" if column in self.json_columns else quoted(column)
            for column in self.columns
        )
        rows = f"json_populate_recordset(NULL::{self.quoted}, %s)"
        return f"INSERT INTO {self.quoted} ({columns}) SELECT {values} FROM {rows}"  # noqa: S608 - names are quoted

    def opened(self, line: str) -> str:
        """The row with everything in clear. Raises VaultError if something does not open."""
        if not self.sealed:
            return line
        row = json.loads(line)
        for place in self.sealed:
            place.open_in(row)
        return json.dumps(row, ensure_ascii=False, separators=(",", ":"))

    def sealed_anew(self, line: str) -> str:
        """The row as it may lie at the current clinic. Raises ValueError if it is no row of this table."""
        row = json.loads(line)
        if not isinstance(row, dict) or row.keys() != set(self.carried):
            raise ValueError("a row has other columns than its table")
        if not self.sealed:
            return line
        for index in self.indexes:
            index.index_in(row)
        for place in self.sealed:
            place.seal_in(row)
        return json.dumps(row, ensure_ascii=False)


def tables_of(schema: str, kind: str) -> list[Table]:
    """Those that are carried, by name."""
    places, indexes = sealed_places(kind), index_columns(kind)
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema])
        return [
            Table(
                schema,
                name,
                columns,
                json_columns,
                key,
                has_triggers,
                tuple(place for place in places if place.table == name),
                tuple(index for index in indexes if index.table == name),
            )
            for name, columns, json_columns, key, has_triggers in cursor.fetchall()
            if name not in LEFT_BEHIND
        ]
