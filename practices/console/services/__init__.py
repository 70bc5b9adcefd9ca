"""What changes clinics as such: asked for, opened, renamed, led to by other hosts."""
