"""Screens of the library: drugs, products, stability and codes."""
