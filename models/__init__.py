"""What is learned: fitted representations, saved as verified bundles that can be rolled back."""
