"""People of a clinic and their work: clients, assignments, responses, reviews."""
