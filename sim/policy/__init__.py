"""Words to wedges: scenario files in YAML become tariff rates, trade costs and quantity targets.

``language`` says what a file may hold, with one file in ``language/kinds`` for each kind of
measure; ``library`` finds files and resolves the set of measures; ``law`` turns those in force on
a date into arrays and targets.  Only ``law`` needs numpy.
"""
