"""Validated measures: their definitions are facts and stand here; their wording is taken in by the operator."""
