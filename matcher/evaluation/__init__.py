"""Measures a representation on labelled data in the layout of the BEIR benchmark."""
