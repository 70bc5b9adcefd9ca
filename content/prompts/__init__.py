"""Prompts: what an exercise asks, and the one gate for what is answered; pure Python, no database."""
