"""What protects people and firms: pure functions that know neither the web nor the database."""
