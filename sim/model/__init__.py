"""The trade model: numpy and scipy only.

Indices: ``n`` importer (buyer), ``i`` exporter (seller), ``j`` sector, ``k`` sector bought by
``j``, ``t`` month.  Arrays are ``[n, i, j]``.

Suffixes: ``_hat`` counterfactual over baseline; ``_cf`` counterfactual level; none, the baseline
level; ``_share`` sums to 1 along a stated axis; ``_rate`` a fraction of a value (0.25);
``_factor`` gross (1.25); ``_log`` a natural logarithm.

Money is in the unit of ``trade_flow``; world factor income is the numeraire, so it is the same in
every equilibrium of an economy.

==========================  =========  ==========================================================
name                        axes       meaning
==========================  =========  ==========================================================
``trade_flow``              n, i, j    purchases of n from i at customs value; own sales at n = i
``tariff_rate``             n, i, j    fraction of customs value, paid to n; negative is a subsidy
``export_tax_rate``         n, i, j    fraction of the factory price, paid to i (licence rents too)
``trade_share``             n, i, j    share of n's duty-paid spending on j that goes to i
``expenditure``             n, j       duty-paid spending, final and intermediate
``gross_output``            n, j       sales at factory prices
``input_share``             n, k, j    cost share of input k in sector j of n
``value_added_share``       n, j       1 minus the input shares
``consumption_share``       n, j       share of n's income spent on j
``trade_elasticity``        j          theta = sigma - 1 > 0; between foreign origins where nested
``macro_elasticity``        j          M <= theta: home against foreign, less 1 likewise
``input_elasticity``        k          substitution of input k against the rest; 1 is Cobb-Douglas
``factor_mobility``         n          kappa in [1, inf]
``specific_factor``         n, j       true where a sector's factors can neither leave nor be joined
``trade_deficit``           n          imports minus exports at customs value
``factor_income``           n, j       value added
``resourcing``              j          zeta: part of the goods re-sourced in a month
``reallocation``                       mu: part of the factors that choose again in a month
``log_efficiency``          n, j       h: mean log efficiency of the suppliers chosen
``factor_units_hat``        n, j       z: factor units that a sector works with over the baseline
==========================  =========  ==========================================================

Rooms: ``demand`` (prices, shares, slopes), ``solve`` (the fixed point and its solver), ``path``
(month by month, stocks, licences, purchases).  `equations` holds the other equations.
"""

from sim.model.economy import Economy
from sim.model.equilibrium import Equilibrium
from sim.model.path.transition import TransitionPath, solve_path
from sim.model.repairs import Repair
from sim.model.shock import QuantityTarget, Shock
from sim.model.solve.solver import solve

__all__ = [
    "Economy",
    "Equilibrium",
    "QuantityTarget",
    "Repair",
    "Shock",
    "TransitionPath",
    "solve",
    "solve_path",
]
