"""Does it agree with what others measured?  Trackers of the tariff; papers and backtests follow."""
