"""Exercises as FHIR R4 Questionnaires, written and read."""
