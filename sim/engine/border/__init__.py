"""Between the border and use, month by month: licences, stocks, purchases, buying ahead.

`licences` turns a licence with a queue into a cap a month before the path is solved; `ledgers` say
afterwards what was filed, arrived, held, bought and shipped, for the result table, the manifest and
the report.
"""
