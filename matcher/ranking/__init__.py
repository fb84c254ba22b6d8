"""Takes scores apart and shows the reader where the evidence is."""
