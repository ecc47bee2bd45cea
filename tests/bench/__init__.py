"""`make bench`: how fast the house is, told as ratios that hold on any machine; `__main__.py` says in which order."""
