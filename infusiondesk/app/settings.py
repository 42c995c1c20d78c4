"""What this workstation remembers for itself, outside any store: look, last person, newest audit head; never a patient."""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

import platformdirs

_log = logging.getLogger(__name__)
APP = "InfusionDesk"


@dataclass
class Settings:
    """A small file of this computer's user; a damaged one is replaced by the defaults."""

    is_dark: bool = False
    lock_after_minutes: int = 15
    last_login: dict[str, str] = field(default_factory=dict)
    locked_at: dict[str, str] = field(default_factory=dict)
    audit_heads: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> "Settings":
        place = path or settings_file()
        try:
            known = json.loads(place.read_text("utf-8"))
            return cls(**{name: value for name, value in known.items() if name in cls.__dataclass_fields__})
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, AttributeError):
            _log.warning("the workstation's settings were unreadable and start anew")
            return cls()

    def save(self, path: Path | None = None) -> None:
        place = path or settings_file()
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(asdict(self), indent=1), "utf-8")
        except OSError:
            _log.warning("the workstation's settings could not be kept")


def settings_file() -> Path:
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "workstation.json"


def default_store() -> str:
    """Where the store of a workstation lies when none is named."""
    return str(Path(platformdirs.user_data_dir(APP, appauthor=False)) / "pharmacy.idesk")
