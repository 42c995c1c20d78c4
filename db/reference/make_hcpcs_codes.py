"""Refreshes the dates in hcpcs_codes.csv from a quarterly CMS file.

Run as `python db/reference/make_hcpcs_codes.py CMS.csv "CMS HCPCS 2025-10"`; the CMS file is read as CSV with the columns code,
add_date and termination_date (YYYYMMDD). The labels are ours and stay as they are; a code joins the table by a row with code,
kind and label. What the CMS file does not hold is said on standard error: a CPT code never is (its dates and its text belong to
the AMA), any other should be looked up before it is billed.
"""

import csv
import sys
from pathlib import Path

TABLE = Path(__file__).parent / "hcpcs_codes.csv"
COLUMNS = ["code", "kind", "label", "add_date", "last_day", "source"]
CPT = {"99601", "99602", "59"}
HEADER = """\
# The codes a home-infusion claim may carry, with our own short labels. Dates: {source}. Version 1, 2026-07-01.
# Made by make_hcpcs_codes.py. On add_date and on last_day the code is in force (CMS prints the last day as the termination
# date); an empty last_day means still in force.
# 99601, 99602 and modifier 59 are CPT (AMA): our label only, no AMA text, and no dates, because no CMS file gives them.
# A terminated code stays, with its dates, for the days on which it was right.
"""


def iso(day: str) -> str:
    """YYYYMMDD as YYYY-MM-DD; empty stays empty."""
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if day else ""


def refresh(table: str, cms: str, source: str) -> tuple[str, list[str]]:
    """The table with the dates of the CMS file, in the order it stood, and the codes that file does not hold."""
    dates = {row["code"]: row for row in csv.DictReader(cms.splitlines())}
    missing, lines = [], []
    for row in csv.DictReader(line for line in table.splitlines() if not line.startswith("#")):
        found = dates.get(row["code"])
        if found is not None:
            row |= {"add_date": iso(found["add_date"]), "last_day": iso(found["termination_date"]), "source": source}
        elif row["code"] in CPT:
            row |= {"add_date": "", "last_day": "", "source": "CPT (AMA): own label without dates from CMS"}
        else:
            missing.append(row["code"])
            row |= {"source": row["source"] or f"not in {source}"}
        lines.append([row[column] for column in COLUMNS])
    out = [",".join(COLUMNS), *(",".join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines)]
    return HEADER.format(source=source) + "\n".join(out) + "\n", missing


def main(cms_file: str, source: str) -> int:
    written, missing = refresh(TABLE.read_text(encoding="utf-8"), Path(cms_file).read_text(encoding="utf-8"), source)
    TABLE.write_text(written, encoding="utf-8")
    for code in missing:
        sys.stderr.write(f"{code}: not in {source}; its dates stay as they were\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
