"""Published sets of interactions: recognised by what is in them, repaired in the open, refused as a whole in one sentence."""

from pathlib import Path

import pytest

from infusiondesk.foundation.kernel.outcomes import Refused
from infusiondesk.interactions.exchange.layers import ColumnChoice, by_our_names, look_at, read_mapped
from infusiondesk.interactions.exchange.packing import packed, unpacked
from infusiondesk.interactions.rules import Level
from infusiondesk.interactions.rules.layers import LayerContent, PairSet
from tests.public_data import PUBLIC

DDI = PUBLIC / "ddi"
HERE = pytest.mark.skipif(not DDI.exists(), reason="the public sets are not here")
CHOICE = ColumnChoice("A set", "SET", "somebody, 2025", "a", "b", "level", "text", "source")
VA_HEAD = "interaction_nui,label,drug1_nui,drug1_name,drug1_rxcui,drug2_nui,drug2_name,drug2_rxcui,severity\n"


def known(name: str) -> PairSet:
    read = look_at(name, (DDI / name).read_bytes()).known
    assert read is not None
    return read


def levels(content: LayerContent) -> dict[tuple[str, str], Level]:
    return {pair.sides: pair.level for pair in content.pairs}


def mapped(text: str, choice: ColumnChoice = CHOICE) -> LayerContent:
    return by_our_names(read_mapped("set.csv", text.encode(), choice))


@HERE
def test_the_set_of_the_va_is_read_with_its_severities() -> None:
    content = by_our_names(known("ndfrt_va_interactions.csv"))
    found = levels(content)
    assert len(found) == 5014
    assert found["amiodarone", "warfarin"] is Level.HOLD
    assert {pair.level for pair in content.pairs} == {Level.HOLD, Level.WARN}
    assert all("listed without a text" in pair.text for pair in content.pairs)
    said = " ".join(content.repairs)
    assert "Critical is read as HOLD, Significant as WARN" in said
    assert "168 lines with only one medicine" in said
    assert "58 names not in our list" in said


@HERE
def test_the_high_priority_list_is_repaired_and_says_where() -> None:
    read = known("ONC_High_Priority_List.xls")
    content = by_our_names(read)
    found = levels(content)
    assert set(found.values()) == {Level.STOP}
    assert content.names == ()
    for pair in (
        ("esomeprazole", "atazanavir"), ("voriconazole", "simvastatin"), ("indinavir", "simvastatin"), ("indinavir", "lovastatin"),
        ("atazanavir", "rifampin"), ("sertraline", "methylene blue"), ("lisdexamfetamine", "phenelzine"),
        ("sumatriptan", "methylene blue"), ("tranylcypromine", "procarbazine"),
    ):  # fmt: skip
        assert tuple(sorted(pair)) in found, pair
    assert not any("linezolid" in pair for pair in found)
    assert not any("diclofenac" in pair or "ibuprofen" in pair for pair in found)
    azathioprine = next(pair for pair in read.pairs if "febuxostat" in (pair.a, pair.b))
    assert (azathioprine.a, azathioprine.b) == ("azathioprine", "febuxostat")
    said = " ".join(content.repairs)
    for words in (
        "Voreconazole", "Esmoprazole", "NSAID", "direction is reversed", "indinavir stands in the title", "Saquinavir stands",
        "telithromycin is withdrawn", "Linezolid stands on no row", "Row 21 (QT)",
    ):  # fmt: skip
        assert words in said, words


@HERE
def test_every_repaired_pair_of_the_list_stands_in_our_own_reference_as_stop() -> None:
    """What the list says and what our own rows say are two writings of one thing; neither may lose a pair."""
    from tests.rules.interactions.screen_questions import ask

    content = by_our_names(known("ONC_High_Priority_List.xls"))
    sides = {side for pair in content.pairs for side in pair.sides}
    listed = {
        tuple(sorted((alert["a"], alert["b"])))
        for alert in ask(orders=[], home_medications=sorted(sides))["alerts"]
        if alert["level"] == "STOP"
    }
    assert {pair.sides for pair in content.pairs} - listed == set()


@HERE
def test_the_quiet_list_only_informs() -> None:
    content = by_our_names(known("ONC_Non-interuptive_List_Imported.xlsx"))
    found = levels(content)
    assert set(found.values()) == {Level.INFO}
    assert ("niacin", "simvastatin") in found
    assert tuple(sorted(("vitamin e", "warfarin"))) in found


@HERE
def test_a_table_of_something_else_is_offered_for_mapping() -> None:
    seen = look_at("NDFRT_RxNorm_mapping.csv", (DDI / "NDFRT_RxNorm_mapping.csv").read_bytes())
    assert (seen.known, seen.columns) == (None, ("rxcui", "nui", "drugname"))


def test_a_mapped_table_is_read_by_brand_and_code_and_keeps_what_it_does_not_know() -> None:
    content = mapped("a;b;level;text;source\nZyvox;11289;CI;boom;p. 1\nglowworm extract;warfarin;minor;;\n")
    first, second = content.pairs
    assert (first.sides, first.level, first.text, first.source) == (("linezolid", "warfarin"), Level.STOP, "boom", "p. 1")
    assert (second.a, second.text, second.source) == (
        "glowworm extract",
        "listed without a text: look the pair up",
        "somebody, 2025",
    )
    assert [name.key for name in content.names] == ["glowworm extract"]


def test_two_lines_about_the_same_medicines_become_one_at_the_stricter_level_and_say_so() -> None:
    content = mapped("a,b,level,text,source\nZyvox,warfarin,minor,,\nlinezolid,Coumadin,major,,\nwarfarin,Coumadin,major,,\n")
    assert levels(content) == {("linezolid", "warfarin"): Level.HOLD}
    assert "1 line repeated a pair" in content.repairs[0]
    assert "1 line with the same medicine" in content.repairs[1]


def test_a_name_of_several_medicines_never_becomes_one_of_them() -> None:
    content = mapped(
        "a,b,level,text,source\nhydrocodone / ibuprofen,warfarin,major,,\nacetaminophen / hydrocodone,linezolid,minor,,\n"
        "lidocaine and epinephrine,hydrocodone / ibuprofen,major,,\nwarfarin,potassium chloride in dextrose,minor,,\n"
    )
    assert levels(content) == {("hydrocodone-acetaminophen", "linezolid"): Level.INFO}
    assert content.repairs == (
        (
            "3 lines left out, as a name holds several medicines and is no combination of our list: hydrocodone / ibuprofen,"
            " lidocaine and epinephrine, potassium chloride in dextrose."
        ),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,level\nx,y,major\n", "has no column “text”"),
        ("a,b,level,text,source\nx,y,severe,,\n", "Line 2: “severe” is no level"),
        (
            "a,b,level,text,source\nx,y,major,,\n\ny,x,minor,,\n",
            "contradicts itself: x with y is HOLD in line 2 and INFO in line 4",
        ),
        ("a,b,level,text,source\nx,,major,,\n", "Line 2: one side of the pair is empty"),
        ("a,b,level,text,source\nx,y,major,,,,\n", "Line 2 of set.csv has 7 columns and not 5"),
        ("a,b,level,text,source\n", "holds no line"),
        ("a,a,level,text,source\nx,y,major,,\n", "at least three different columns"),
        ("just words\nand more\n", "at least three different columns"),
        ("a,b\0,level\n", "no table of text"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused_as_a_whole(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        mapped(text)


def test_an_unknown_severity_of_the_va_is_refused() -> None:
    with pytest.raises(Refused, match="Line 2: “Awful” is no severity"):
        look_at("va.csv", f"{VA_HEAD}N1,x,N2,A,1,N3,B,2,Awful\n".encode())


def test_a_pair_with_both_severities_counts_at_the_stricter() -> None:
    lines = "N1,x,N2,WARFARIN,,N3,LINEZOLID,,Significant\nN1,x,N3,LINEZOLID,,N2,WARFARIN,,Critical\n"
    read = look_at("va.csv", (VA_HEAD + lines).encode()).known
    assert read is not None
    content = by_our_names(read)
    assert levels(content) == {("linezolid", "warfarin"): Level.HOLD}
    assert "1 pair with both severities" in " ".join(content.repairs)


def test_what_is_packed_is_unpacked() -> None:
    content = mapped("a,b,level,text,source\nZyvox,glowworm,CI,boom,p. 1\nwarfarin,Zyvox,minor,,\n")
    again = unpacked(packed(content))
    assert (again.listed, again.words, again.names) == (content.listed, content.words, content.names)


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no workbook"):
        look_at("list.xls", b"\xd0\xcf\x11\xe0 broken")
