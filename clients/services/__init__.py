"""What changes clients' lives here: giving care and work, answering, reviewing."""
