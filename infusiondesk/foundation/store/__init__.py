"""The encrypted store: engine, unit of work, audit chain, migrations, backup."""
