"""What a run assumes where nothing else is said; light to import, as the command line needs it."""

ELASTICITIES = "fontagne2022"
"""Set of trade elasticities: Fontagne, Guimbard and Orefice (2022), 'Tariff-based product-level
trade elasticities', Journal of International Economics 137, averaged over the products of a sector
(doi 10.1016/j.jinteco.2022.103593)."""

FACTOR_MOBILITY = 1.5
"""kappa, the mobility of workers and capital between sectors, from 1 (they stay where they are) to
infinity (one wage a country). After Galle, Rodriguez-Clare and Yi (2023), 'Slicing the Pie',
Review of Economic Studies; a rounded value (grade M), which a lever of scenarios changes."""
