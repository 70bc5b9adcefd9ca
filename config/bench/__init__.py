"""How fast pages are, as ratios to two small applications on the same server; see docs/performance.md."""
