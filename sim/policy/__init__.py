"""Words to wedges: scenario files in YAML become tariff rates, trade costs and quantity targets.

``yamlio`` reads text, ``schema`` says what a file may hold, ``loader`` resolves the set of
measures, ``tariffs`` and ``nontariff`` turn those in force on a date into arrays and targets.
Only the last two import numpy, and only ``nontariff`` meets the model.
"""
