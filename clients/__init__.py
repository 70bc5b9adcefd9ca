"""The second floor: people and the work between their sessions."""
