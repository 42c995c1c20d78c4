"""`make step NAME=…`: writes the next migration step from the difference between the newest step and the records."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from infusiondesk.foundation.store.engine import migrating
from infusiondesk.foundation.store.keyring import new_data_key
from infusiondesk.foundation.store.migrate import MIGRATIONS


def write_step(name: str) -> Path:
    """Upgrade an empty store to the newest step, compare it with the records, write the difference as the next number."""
    numbers = sorted(int(path.name[:4]) for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    number = f"{(numbers[-1] if numbers else 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = migrating(str(Path(folder) / "empty.idesk"), new_data_key())
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            config.attributes["connection"] = connection
            if numbers:
                command.upgrade(config, "head")
                connection.commit()
            command.revision(config, message=name.replace("_", " "), autogenerate=True, rev_id=number)
        engine.dispose()
    return next((MIGRATIONS / "versions").glob(f"{number}_*.py"))


if __name__ == "__main__":
    sys.stdout.write(f"{write_step(sys.argv[1]).name}\n")
