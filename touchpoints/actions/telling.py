from collections.abc import Sequence

from customers.actions.describing import Joining, describe_customers, join_companies, to_describe, to_join
from touchpoints.batch import Incoming


class Telling:
    """What the items of a batch tell about people and companies.

    Its customers are recognised first, and all who will change are held; only then is anything written. `records` are
    those of the items in their order, then those of `companies`.
    """

    def __init__(self, items: Sequence[Incoming], *, is_verified: bool) -> None:
        self._is_verified = is_verified
        telling = [number for number, item in enumerate(items) if item.told]
        telling.sort(key=lambda number: items[number].event.occurred_at)
        told = [(number, it) for number in telling if (it := items[number].told)]
        self._fields = [(number, it.fields) for number, it in told if it.fields]
        # Anybody may claim to belong to a company: a browser's word makes no member.
        joined = [(number, *it.company) for number, it in told if it.company] if is_verified else []
        identifiers = sorted({identifier for _number, identifier, _name in joined})
        self.companies = [(identifier,) for identifier in identifiers]
        place = {identifier: len(items) + number for number, identifier in enumerate(identifiers)}
        self._joined = [(place[identifier], number, name) for number, identifier, name in joined]

    def will_change(self, records: Sequence[int]) -> set[int]:
        """Of the stored ones; only of them, and of new ones, is anything written afterwards."""
        held = to_describe(fields=self._fields_of(records), is_verified=self._is_verified)
        held |= to_join(joined=self._joined_of(records))
        new = {record for record in records if record < 0}
        self._fields = [it for it in self._fields if records[it[0]] in held | new]
        self._joined = [it for it in self._joined if {records[it[0]], records[it[1]]} <= held | new]
        return held

    def write(self, records: Sequence[int]) -> None:
        if self._fields:
            describe_customers(fields=self._fields_of(records), is_verified=self._is_verified)
        if self._joined:
            join_companies(joined=self._joined_of(records))

    def _fields_of(self, records: Sequence[int]) -> dict[int, dict[str, str]]:
        fields: dict[int, dict[str, str]] = {}
        for number, told in self._fields:
            fields[records[number]] = fields.get(records[number], {}) | told
        return fields

    def _joined_of(self, records: Sequence[int]) -> list[Joining]:
        return [Joining(records[company], records[person], name) for company, person, name in self._joined]
