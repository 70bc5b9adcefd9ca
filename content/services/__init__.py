"""What changes articles, pictures and exercises."""
