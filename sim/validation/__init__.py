"""Does it agree with what others measured, and with what happened?  Trackers, papers, backtests."""
