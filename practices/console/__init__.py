"""The operator's console, in the platform's schema: opening clinics, their hosts, and new practices that sign up."""
