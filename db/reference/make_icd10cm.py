"""Makes icd10cm.zip, the ICD-10-CM table of the program, from the package simple-icd-10-cm (a tool of development only).

Run as `python db/reference/make_icd10cm.py`. One member for each first two characters of the codes, so that a look-up unpacks a
few hundred lines; lines are code, 1 where the code is billable (a leaf) else 0, and the description, between tabs. The same
package gives the same bytes.
"""

import zipfile
from importlib.metadata import version
from pathlib import Path

import simple_icd_10_cm

TABLE = Path(__file__).parent / "icd10cm.zip"
NEWYEAR = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can hold: its members carry no time of making


def source() -> str:
    """Where the table comes from; the release stands in the name of the package's own data file."""
    data = Path(simple_icd_10_cm.__file__).parent / "data"
    release = next(data.glob("code-list-*.txt")).stem.removeprefix("code-list-").replace("-", " ")
    origin = f"simple-icd-10-cm {version('simple-icd-10-cm')}"
    return f"ICD-10-CM, release of {release}: codes and descriptions of CMS and NCHS, public domain; read through {origin}."


def parts() -> dict[str, list[str]]:
    """The lines of each member. Chapters and blocks are no codes and stay out."""
    found: dict[str, list[str]] = {}
    for code in simple_icd_10_cm.get_all_codes(with_dots=True):
        if simple_icd_10_cm.is_category_or_subcategory(code):
            billable = "1" if simple_icd_10_cm.is_leaf(code) else "0"
            found.setdefault(code[:2], []).append(f"{code}\t{billable}\t{' '.join(simple_icd_10_cm.get_description(code).split())}")
    return found


def write(path: Path) -> None:
    """Write the table."""
    members = {"SOURCE.txt": source(), **{start: "\n".join(lines) for start, lines in sorted(parts().items())}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, NEWYEAR)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)


if __name__ == "__main__":
    write(TABLE)
