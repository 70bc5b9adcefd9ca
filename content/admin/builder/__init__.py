"""The exercise builder: pages on which staff write an exercise without seeing its JSON."""
