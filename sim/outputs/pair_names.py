"""How the regions of a pair are called: in the ids of figures, and in sentences.

Figures, tables and sentences are written once, for roles; this module says who plays which role in
a run and under which name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sim.pair import DEFAULT_PAIR, Pair

CHINA, BRAZIL = "CHN", "BRA"

SECTORS_OF_CHINA = frozenset({"SOY", "RARE"})
"""Sectors with figures of their own, because China buys most soybeans and sells most rare earths:
they are reported where China is one of the pair."""


@dataclass(frozen=True)
class RegionName:
    """One region in words.

    Parameters
    ----------
    code
        Code in the baseline, such as ``USA``.
    id
        How the id of a figure of its own begins: ``us_real_income``.
    place
        The region as the counterpart in an id: ``us_imports_from_china``.
    noun
        ``the US``, ``China``.
    owner
        What stands before a thing of its own: ``US``, ``China's``.
    duty
        Its average duty: ``the average US duty``.
    goods
        What it sells: ``US goods``.
    """

    code: str
    id: str
    place: str
    noun: str
    owner: str
    duty: str
    goods: str

    @property
    def title(self) -> str:
        """The noun without its article, for heads of tables: ``US``, ``China``."""
        return self.noun.removeprefix("the ")


@dataclass(frozen=True)
class PairNames:
    """The regions that figures and sentences are about, by role.

    `buyer` makes purchase commitments and `seller` ships them, `rival` sells the same from
    elsewhere; `licensor` hands out export licences.  Where China is one of the pair it is the buyer
    and the licensor; elsewhere the partner is.
    """

    home: RegionName
    partner: RegionName
    seller: RegionName
    buyer: RegionName
    rival: RegionName
    licensor: RegionName

    @property
    def pair(self) -> Pair:
        """Codes of the two."""
        return Pair(self.home.code, self.partner.code)

    def has(self, role: str) -> bool:
        """Tell whether `role` is one of the roles."""
        return role in self.__dataclass_fields__

    def region(self, role: str) -> RegionName:
        """Return who plays a role."""
        name: RegionName = getattr(self, role)
        return name

    def code(self, role: str | None) -> str | None:
        """Return the code of who plays a role; what is not a role (``TOTAL``) stays."""
        return self.region(role).code if role is not None and self.has(role) else role

    def id_of(self, key: str) -> str:
        """Put the pair into a key of roles.

        ``home_imports_from_partner`` becomes ``us_imports_from_china``.
        """
        first, *others = key.split("_")
        words = [self.region(first).id if self.has(first) else first]
        words += [self.region(word).place if self.has(word) else word for word in others]
        return "_".join(words)

    def text(self, template: str) -> str:
        """Put the pair into a template such as ``{home.owner} imports from {partner.noun}``."""
        words = template.format(**{role: getattr(self, role) for role in self.__dataclass_fields__})
        return words[:1].upper() + words[1:]


_DEFAULT_NAMES = MappingProxyType(
    {
        "USA": RegionName(
            "USA", "us", "us", "the US", "US", duty="the average US duty", goods="US goods"
        ),
        "CHN": RegionName(
            "CHN",
            "cn",
            "china",
            "China",
            "China's",
            duty="China's average duty",
            goods="Chinese goods",
        ),
        "BRA": RegionName(
            "BRA",
            "br",
            "brazil",
            "Brazil",
            "Brazil's",
            duty="Brazil's average duty",
            goods="Brazilian goods",
        ),
    }
)
"""Short names that readers of the default pair know."""

_WITH_ARTICLE = ("United ", "European Union", "Rest of ", "Philippines", "Netherlands")
"""Beginnings of names that take an article in a sentence."""


def pair_names(pair: Pair = DEFAULT_PAIR, labels: Mapping[str, str] | None = None) -> PairNames:
    """Return the names of a pair; `labels` holds the names of regions by code, for other pairs."""
    if pair.is_default:
        return DEFAULT_NAMES
    known = labels or {}
    codes = {*pair.codes, BRAZIL}
    return _pair_names(pair, tuple(sorted((code, known.get(code, code)) for code in codes)))


@lru_cache(maxsize=32)
def _pair_names(pair: Pair, labels: tuple[tuple[str, str], ...]) -> PairNames:
    return _roles(pair, {code: _region_name(code, label) for code, label in labels})


def _roles(pair: Pair, names: Mapping[str, RegionName]) -> PairNames:
    is_reversed = pair.home == CHINA
    buyer, seller = (pair.home, pair.partner) if is_reversed else (pair.partner, pair.home)
    return PairNames(
        home=names[pair.home],
        partner=names[pair.partner],
        seller=names[seller],
        buyer=names[buyer],
        rival=names[BRAZIL],
        licensor=names[buyer],
    )


def _region_name(code: str, label: str) -> RegionName:
    noun = f"the {label}" if label.startswith(_WITH_ARTICLE) else label
    noun = noun.replace("the Rest", "the rest")
    owner = f"{noun}'" if noun.endswith("s") else f"{noun}'s"
    return RegionName(
        code=code,
        id=code.lower(),
        place=code.lower(),
        noun=noun,
        owner=owner,
        duty=f"{owner} average duty",
        goods=f"goods from {noun}",
    )


DEFAULT_NAMES = _roles(DEFAULT_PAIR, _DEFAULT_NAMES)
"""Names of the United States and China."""
