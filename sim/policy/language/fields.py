"""The building blocks of the schema: the strict base model, sources, coverage, code lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NoReturn

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Grade = Literal["A", "B", "C", "X", "M"]
Basis = Literal["article", "law", "data", "report", "model", "assumption"]
Points = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def refuse(problem: str, advice: str) -> NoReturn:
    """Stop a validation with our own words."""
    raise PydanticCustomError("truce", "{problem} {advice}", {"problem": problem, "advice": advice})


def _codes(value: Any) -> tuple[str, ...] | Literal["all"]:  # noqa: ANN401  unvalidated input
    """Accept ``all`` or a list of codes, each once."""
    if value == "all":
        return "all"
    if not isinstance(value, (tuple, list)) or not value:
        refuse(f"found {value!r}.", "Write all, or a list such as [CHN, VNM].")
    for code in value:
        if not isinstance(code, str):
            refuse(f"found {code!r} in a list of codes.", f'Write it in quotes: "{code}".')
    repeated = next((code for code in value if value.count(code) > 1), None)
    if repeated is not None:
        refuse(f"{repeated} is listed twice.", "Keep one.")
    return tuple(value)


Codes = Annotated[
    tuple[str, ...] | Literal["all"],
    PlainValidator(_codes, json_schema_input_type=Literal["all"] | list[str]),
    PlainSerializer(lambda codes: codes),
]


def _two_codes(value: Any) -> tuple[str, str]:  # noqa: ANN401  unvalidated input
    """Accept a list of two different codes."""
    advice = "Write two region codes such as [USA, CHN]."
    match value:
        case (str(home), str(partner)):
            if home == partner:
                refuse(f"{home} is listed twice, and a pair is two regions.", advice)
            return home, partner
        case _:
            shown = list(value) if isinstance(value, tuple) else value
            refuse(f"found {shown!r}, which is not a list of two codes.", advice)


TwoCodes = Annotated[
    tuple[str, str],
    PlainValidator(_two_codes, json_schema_input_type=list[str]),
    PlainSerializer(lambda codes: codes),
]


class Strict(BaseModel):
    """A frozen record: no coercion, no unknown keys."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", use_attribute_docstrings=True
    )


def records_in(
    record: BaseModel, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[BaseModel, tuple[str | int, ...]]]:
    """Yield a record and all records inside it, each with its path of keys and indices."""
    yield record, path
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, BaseModel):
            yield from records_in(value, (*path, name))
        elif isinstance(value, tuple):
            for position, entry in enumerate(value):
                if isinstance(entry, BaseModel):
                    yield from records_in(entry, (*path, name, position))


class Source(Strict):
    """Where a number comes from: a fact of an article, or a public page with its grade."""

    seed: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] | None = None
    """Article, by its three digits in quotes; needs `fact`."""
    fact: Id | None = None
    """Fact of that article, by its id in seeds/<seed>.yaml."""
    title: Text | None = None
    """Law, data set or page; needs `address`, `date` and `grade`."""
    address: Text | None = None
    """Address or name of the site."""
    date: dt.date | None = None
    """Date of the version that was read, or of the act."""
    date_precision: Literal["day", "month", "year"] = "day"
    """How exactly the date is known."""
    grade: Grade | None = None
    """A legal text or official data; B press or law firm; C weak; X computed; M memory."""
    basis: Literal["law", "data", "report", "model"] = "report"
    """What a public source is; an article's basis is always 'article'."""
    note: str = ""
    """What a reader should know of it."""

    @model_validator(mode="after")
    def _one_form(self) -> Source:
        if (self.seed is None) != (self.fact is None):
            refuse("an article needs both seed and fact.", 'Write {seed: "001", fact: <id>}.')
        public = (self.title, self.address, self.date, self.grade)
        if self.seed is None and any(part is None for part in public):
            refuse(
                "the source is incomplete.",
                'Write {seed: "001", fact: <id>} or {title, address, date, grade}.',
            )
        if self.seed is not None and any(part is not None for part in public[:2]):
            refuse("an article and a page in one source.", "Write two sources.")
        return self

    @property
    def date_shown(self) -> str:
        """The date as far as it is known, such as 2025-11; empty without one."""
        length = {"day": 10, "month": 7, "year": 4}[self.date_precision]
        return "" if self.date is None else self.date.isoformat()[:length]

    @property
    def kind(self) -> Basis:
        """What the source is: article, law, data, report or model."""
        return "article" if self.seed is not None else self.basis


class Coverage(Strict):
    """What part of a flow's customs value a tariff reaches.

    ``{default: 1}`` reaches all of every flow; ``{by_sector: reciprocal}`` what that list says;
    ``{default: 0.636, by_sector: reciprocal}`` the list moved so that its trade-weighted average is
    0.636; ``{default: 0, by_sector: {SOY: 1}}`` shares by sector, `default` elsewhere.
    """

    default: Share | None = None
    """Share of all flows; beside a list, the average that the list is moved to."""
    by_sector: str | dict[str, Share] | None = None
    """Name of a coverage list, or shares by sector."""
    complement: bool = False
    """True: what the list leaves over (1 minus its share)."""

    @model_validator(mode="after")
    def _something(self) -> Coverage:
        if self.default is None and self.by_sector is None:
            refuse("the coverage is empty.", "Write {default: 1} or {by_sector: <list>}.")
        if self.complement and not isinstance(self.by_sector, str):
            refuse("complement without a list.", "Write by_sector: <list> beside it.")
        return self


def entries(value: Any) -> tuple[str | dict[str, Any], ...]:  # noqa: ANN401  unvalidated input
    """Accept ids and inline measures; the loader reads the latter by their kind."""
    if not isinstance(value, (tuple, list)):
        refuse(f"found {value!r}.", "Write a list of measure ids such as [a-measure].")
    for entry in value:
        if not isinstance(entry, (str, dict)):
            refuse(f"found {entry!r} among measures.", "Write an id or an inline measure.")
    return tuple(value)
