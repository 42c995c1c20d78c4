"""The colours of the desk, light and dark, by name: the only place where a hex value is written."""

from typing import Final, Literal

Token = Literal[
    "bg", "side", "surface", "sunken", "raised", "hover", "press", "sel", "line", "line2", "control",
    "ink", "ink2", "ink3", "accent", "accent_hover", "accent_press", "onaccent", "bar", "onbar", "soft", "softline",
    "danger", "danger_hover", "danger_press", "ondanger", "dangersoft", "dangerline", "due", "duesoft", "dueline",
    "done", "donesoft", "band", "bandline", "hosp", "hospsoft", "hatch", "scrim",
]  # fmt: skip

# Dark is not inverted light: large fills (bar) drop in brightness, hover and press get lighter, red and amber turn pale.
TOKENS: Final[dict[Token, tuple[str, str]]] = {
    "bg": ("#F2F5F6", "#0F161A"),
    "side": ("#E9EEF0", "#0B1114"),
    "surface": ("#FFFFFF", "#172025"),
    "sunken": ("#F6F8F9", "#131B1F"),
    "raised": ("#FFFFFF", "#202B31"),
    "hover": ("#F6F8F9", "#1D282E"),
    "press": ("#E3E9EC", "#2B3940"),
    "sel": ("#E6F2F5", "#14303A"),
    "line": ("#DDE4E7", "#28353C"),
    "line2": ("#C6D0D5", "#384850"),
    "control": ("#7F8E97", "#6F818C"),
    "ink": ("#16232B", "#E6EDF0"),
    "ink2": ("#475761", "#B2C0C8"),
    "ink3": ("#5B6A74", "#8E9EA8"),
    "accent": ("#0B6A7E", "#58BDD1"),
    "accent_hover": ("#095868", "#74CCDD"),
    "accent_press": ("#074855", "#8FD8E6"),
    "onaccent": ("#FFFFFF", "#04222A"),
    "bar": ("#0B6A7E", "#23788A"),
    "onbar": ("#FFFFFF", "#FFFFFF"),
    "soft": ("#E1F0F3", "#12363F"),
    "softline": ("#9AC9D3", "#2B6672"),
    "danger": ("#B3261E", "#FF8B82"),
    "danger_hover": ("#972019", "#FFA59D"),
    "danger_press": ("#7C1A14", "#FFBBB5"),
    "ondanger": ("#FFFFFF", "#2B0705"),
    "dangersoft": ("#FCEBE9", "#3B1C1B"),
    "dangerline": ("#E9B4AF", "#7C3B37"),
    "due": ("#855000", "#F1BC61"),
    "duesoft": ("#FDF2DD", "#352913"),
    "dueline": ("#E3BE7A", "#705623"),
    "done": ("#2A6C4B", "#7BCB9F"),
    "donesoft": ("#E6F3EC", "#14301F"),
    "band": ("#DCEEE5", "#173026"),
    "bandline": ("#8FBFA5", "#3F7A5C"),
    "hosp": ("#56657A", "#A6B4C6"),
    "hospsoft": ("#E8ECF1", "#222C37"),
    "hatch": ("#B9C3CF", "#4A5868"),
    "scrim": ("#16232B", "#000000"),
}

# What a state is called wherever one is shown; each has one colour, one soft fill, one edge and one shape (paint.py).
Tone = Literal["danger", "due", "done", "accent", "neutral", "hosp", "plain"]
