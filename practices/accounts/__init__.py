"""People of a clinic: staff and clients, what they may do, and how they sign in."""
