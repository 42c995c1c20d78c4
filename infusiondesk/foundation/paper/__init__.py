"""Stationery: sheets, labels, barcodes and fonts for everything that is printed."""
