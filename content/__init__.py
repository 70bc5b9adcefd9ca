"""The first floor: what a clinic publishes and hands out."""
