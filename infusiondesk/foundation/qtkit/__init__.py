"""Qt, tamed: theme, painted parts, tables, forms, and the Desk that alone knows threads."""
