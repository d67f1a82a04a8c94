"""Who is asked: people of units, holders of roles, a list of employee numbers, printed tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.organizations.models import Unit
from portal.people.models import Person
from portal.roles.models import RoleAssignment
from portal.roles.table import ROLES
from portal.spreadsheets import Grid, NotAWorkbook, TooMuchContent, read_grids
from union.surveys.office_refusals import CannotLaunch, WrongList

MOST_ROWS = 20_000
MOST_PROBLEMS = 50
LARGEST_WORKBOOK = 5 * 1024 * 1024
LONGEST_POST = 20
NUMBER_HEADINGS = frozenset({"工号", "员工编号", "职工编号", "employee number"})
POST_HEADINGS = frozenset({"岗位类别", "岗位", "工种", "kind of post"})
# Rows above the headings, such as a title, are passed over; not more than these.
MOST_ROWS_ABOVE = 10


@dataclass(frozen=True)
class Chosen:
    """Whom the office chose, as plain values that can be signed and sent back by the browser.

    Attributes:
        units: keys of units, each with all below it.
        roles: codes of roles.
        listed: employee number and kind of post, which may be empty.
        tokens: key of a unit and number of printed tokens.
        level: depth in the tree by which people are told apart, 2 for the units below the top.
    """

    units: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    tokens: tuple[tuple[int, int], ...] = ()
    level: int = 2

    def plain(self) -> dict[str, Any]:
        """Return lists and numbers only."""
        return asdict(self)

    @classmethod
    def of_plain(cls, values: Mapping[str, Any]) -> Chosen:
        """Return what `plain` wrote."""
        return cls(
            tuple(values["units"]),
            tuple(values["roles"]),
            tuple((number, post) for number, post in values["listed"]),
            tuple((unit, count) for unit, count in values["tokens"]),
            values["level"],
        )


@dataclass(frozen=True)
class Invited:
    """The people of a choice.

    Attributes:
        posts: kind of post by key of the person, for those of a list.
        without_account: people of the units who cannot sign in and are not among them.
    """

    people: list[Person]
    posts: dict[int, str] = field(default_factory=dict)
    without_account: int = 0


def listed_numbers(body: bytes) -> tuple[tuple[str, str], ...]:
    """Read employee numbers, and kinds of posts where there is such a column, from a workbook.

    Every number must be an employee with an account, once. Either all are right, or none is
    taken.

    Raises:
        CannotLaunch: it is no workbook, or has no column of employee numbers.
        WrongList: with every mistake by row and column.
    """
    if len(body) > LARGEST_WORKBOOK:
        raise CannotLaunch(_("The workbook is larger than 5 MB. Please keep one sheet only."))
    try:
        grids = read_grids(body, MOST_ROWS + MOST_ROWS_ABOVE)
    except TooMuchContent:
        raise CannotLaunch(_("The workbook holds too much. Please keep one sheet only.")) from None
    except NotAWorkbook:
        raise CannotLaunch(
            _("This is no Excel workbook (.xlsx). Please save the list in this format.")
        ) from None
    grid, head, number_at, post_at = _columns(grids)
    rows = [
        (row, _text(grid.value(row, number_at)), _text(grid.value(row, post_at)) if post_at else "")
        for row in sorted(grid.rows)
        if row > head
    ]
    if problems := list(_problems(rows, number_at, post_at)):
        shown = problems[:MOST_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(
                _("… and %(count)d more mistakes.") % {"count": len(problems) - len(shown)}
            )
        raise WrongList(
            _("%(count)d rows are wrong. Please correct the list and choose it again.")
            % {"count": len(problems)},
            shown,
        )
    return tuple((number, post) for _row, number, post in rows)


def _columns(grids: list[Grid]) -> tuple[Grid, int, int, int]:
    for grid in grids:
        for row in sorted(grid.rows)[:MOST_ROWS_ABOVE]:
            cells = {place: _text(value).lower() for place, value in grid.rows[row].items()}
            numbers = [place for place, words in cells.items() if words in NUMBER_HEADINGS]
            if numbers:
                posts = [place for place, words in cells.items() if words in POST_HEADINGS]
                return grid, row, numbers[0], posts[0] if posts else 0
    raise CannotLaunch(_("No column is called 工号. Please write it above the employee numbers."))


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _at(row: int, column: int, problem: str) -> str:
    """Return a mistake with the cell it stands in."""
    from openpyxl.utils import get_column_letter

    return _("Row %(row)d, column %(column)s: %(problem)s") % {
        "row": row,
        "column": get_column_letter(column),
        "problem": problem,
    }


def _problems(rows: list[tuple[int, str, str]], number_at: int, post_at: int) -> Iterable[str]:
    if not rows:
        yield _("There is no row below the headings.")
    known, able = _known({number for _row, number, _post in rows})
    first: dict[str, int] = {}
    for row, number, post in rows:
        values = {"number": number, "row": first.get(number, row)}
        if not number:
            yield _at(row, number_at, _("the employee number is missing."))
        elif number in first:
            yield _at(row, number_at, _("%(number)s stands in row %(row)d already.") % values)
        elif number not in known:
            yield _at(row, number_at, _("nobody has the employee number %(number)s.") % values)
        elif number not in able:
            words = _("%(number)s has no account. Please print a token for this person instead.")
            yield _at(row, number_at, words % values)
        first.setdefault(number, row)
        if len(post) > LONGEST_POST:
            yield _at(row, post_at, _("the kind of post is longer than 20 characters."))


def _known(numbers: set[str]) -> tuple[set[str], set[str]]:
    """Return the numbers of people, and of people with an account."""
    known: set[str] = set()
    able: set[str] = set()
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for number, active in Person.objects.filter(employee_number__in=part).values_list(
            "employee_number", "user__is_active"
        ):
            known.add(str(number))
            if active:
                able.add(str(number))
    return known, able


def employees() -> QuerySet[Person]:
    """Return people who work here: with an employee number, and not from outside only."""
    standing = RoleAssignment.objects.active_on()
    outside = [code for code, role in ROLES.items() if role.external]
    inside = standing.exclude(role_code__in=outside).values("person")
    return Person.objects.filter(employee_number__isnull=False).exclude(
        pk__in=standing.filter(role_code__in=outside).exclude(person__in=inside).values("person")
    )


def invited(chosen: Chosen) -> Invited:
    """Return the people of a choice, each once, in the order of their keys."""
    units = Unit.objects.within(Unit.objects.filter(pk__in=chosen.units))
    of_units = employees().filter(unit__in=units.values("pk"))
    roles = [code for code in chosen.roles if code in ROLES]
    holders = RoleAssignment.objects.filter(role_code__in=roles).active_on()
    found: dict[int, Person] = {}
    without = 0
    if chosen.units:
        without = of_units.exclude(user__is_active=True).count()
        found |= {person.pk: person for person in _able(of_units)}
    if roles:
        of_roles = Person.objects.filter(Q(pk__in=holders.values("person")))
        found |= {person.pk: person for person in _able(of_roles)}
    posts: dict[int, str] = {}
    kinds = dict(chosen.listed)
    numbers = sorted(kinds)
    for start in range(0, len(numbers), 500):
        part = Person.objects.filter(employee_number__in=numbers[start : start + 500])
        for person in _able(part):
            found[person.pk] = person
            posts[person.pk] = kinds[str(person.employee_number)]
    return Invited([found[key] for key in sorted(found)], posts, without)


def _able(people: QuerySet[Person]) -> QuerySet[Person]:
    return people.filter(user__is_active=True).only("pk", "employee_number", "unit")
