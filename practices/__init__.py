"""The ground floor: which clinics exist, who works there, what they may do."""
