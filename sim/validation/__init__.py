"""The model beside what others measured and what happened: trackers, papers, backtests."""
