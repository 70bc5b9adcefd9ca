"""PHQ-9, GAD-7 and PCL-5: totals, bands and missing answers as published; forms that don't fit are refused by item.

The wording here is made up: the official one is not ours to ship.
"""

from typing import Any

import pytest

from clients.scoring import ScoreResult, safety_hits, score
from content.measures.definitions import DEFINITIONS, GAD_7, PCL_5, PHQ_9, Definition
from content.measures.wording import Form, Item, WordingError, form_of_csv, form_of_fhir, schema_of_form
from content.prompts.schema import Schema, parse_schema


def form(measure: Definition, *, extra: int = 0) -> Form:
    answers = {value: f"Answer {value}" for value in range(measure.highest + 1)}
    count = measure.items + extra
    return Form(
        introduction="", items=[Item(name=f"q{n}", text=f"Item {n}", answers=answers) for n in range(1, count + 1)]
    )


def schema(measure: Definition) -> Schema:
    return parse_schema(schema_of_form(form(measure), measure))


def answers(measure: Definition, total: int, *, missing: int = 0) -> dict[str, str]:
    """Answers that add up to this total, the last items missing."""
    found = {}
    for number in range(1, measure.items + 1 - missing):
        points = min(measure.highest, total)
        found[measure.item_id(number)] = str(points)
        total -= points
    assert total == 0
    return found


def scored(measure: Definition, total: int, *, missing: int = 0) -> ScoreResult:
    result = score(schema(measure), answers(measure, total, missing=missing))
    assert result is not None
    return result


BAND_EDGES = [
    *((PHQ_9, total, "minimal") for total in (0, 4)),
    *((PHQ_9, total, "mild") for total in (5, 9)),
    *((PHQ_9, total, "moderate") for total in (10, 14)),
    *((PHQ_9, total, "moderately severe") for total in (15, 19)),
    *((PHQ_9, total, "severe") for total in (20, 27)),
    *((GAD_7, total, "minimal") for total in (0, 4)),
    *((GAD_7, total, "mild") for total in (5, 9)),
    *((GAD_7, total, "moderate") for total in (10, 14)),
    *((GAD_7, total, "severe") for total in (15, 21)),
    *((PCL_5, total, "below the provisional cut-point") for total in (0, 30)),
    *((PCL_5, total, "at the provisional cut-point") for total in (31, 33)),
    *((PCL_5, total, "above the provisional cut-point") for total in (34, 80)),
]


@pytest.mark.parametrize(("measure", "total", "band"), BAND_EDGES)
def test_the_edges_of_every_band(measure: Definition, total: int, band: str) -> None:
    result = scored(measure, total)

    assert (result.total, result.band, result.maximum) == (total, band, measure.items * measure.highest)


@pytest.mark.parametrize(
    ("measure", "given", "missing", "total"),
    [
        (PHQ_9, 8, 1, 9),  # 8 / 8 × 9
        (PHQ_9, 12, 1, 14),  # 13.5, halves up
        (PHQ_9, 7, 2, 9),
        (PHQ_9, 21, 2, 27),
        (PHQ_9, 6, 3, None),
        (GAD_7, 6, 1, 7),
        (GAD_7, 5, 2, None),
        (PCL_5, 10, 1, None),
    ],
)
def test_missing_answers_are_prorated_up_to_the_published_number(
    measure: Definition, given: int, missing: int, total: int | None
) -> None:
    assert scored(measure, given, missing=missing).total == total


def test_the_clusters_of_the_pcl_5() -> None:
    worst = {PCL_5.item_id(number): "4" for number in range(1, 21)}

    result = score(schema(PCL_5), worst)

    assert result is not None
    assert [(part.total, part.maximum) for part in result.subscales] == [(20, 20), (8, 8), (28, 28), (24, 24)]
    assert result.total == 80


@pytest.mark.parametrize(("answer", "hits"), [("0", []), ("1", ["item9"]), ("2", ["item9"]), ("3", ["item9"])])
def test_any_answer_above_zero_to_item_nine_of_the_phq_9_is_acted_on(answer: str, hits: list[str]) -> None:
    assert safety_hits(schema(PHQ_9), {"item9": answer}) == hits


def test_the_functional_item_counts_for_nothing() -> None:
    with_extra = parse_schema(schema_of_form(form(PHQ_9, extra=1), PHQ_9))

    result = score(with_extra, answers(PHQ_9, 27) | {"extra1": "3"})

    assert result is not None
    assert result.total == 27
    assert len(with_extra.prompts) == 10


@pytest.mark.parametrize("measure", DEFINITIONS.values())
def test_licence_and_citation_come_with_every_measure(measure: Definition) -> None:
    note = schema(measure).measure

    assert note is not None
    assert (note.key, bool(note.licence), bool(note.citation)) == (measure.key, True, True)


def questionnaire(measure: Definition) -> dict[str, Any]:
    ordinal = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
    options = [
        {
            "valueCoding": {
                "code": f"LA{value}",
                "display": f"A {value}",
                "extension": [{"url": ordinal, "valueDecimal": value}],
            }
        }
        for value in range(measure.highest + 1)
    ]
    items = [
        {"linkId": f"/{number}", "type": "choice", "text": f"Item {number}", "answerOption": options}
        for number in range(1, measure.items + 1)
    ]
    group = {"linkId": "g", "type": "group", "text": "The last two weeks", "item": items}
    total = {"linkId": "total", "type": "decimal", "text": "Total"}
    return {"resourceType": "Questionnaire", "status": "active", "item": [group, total]}


def csv_of(measure: Definition) -> str:
    lines = ["part,number,text", 'introduction,,"The last two weeks, roughly"']
    lines += [f"answer,{value},A {value}" for value in range(measure.highest + 1)]
    return "\n".join([*lines, *(f"item,{number},Item {number}" for number in range(1, measure.items + 1))])


@pytest.mark.parametrize("measure", DEFINITIONS.values())
def test_both_forms_of_a_file_give_the_same_measure(measure: Definition) -> None:
    fhir = schema_of_form(form_of_fhir(questionnaire(measure)), measure)
    plain = schema_of_form(form_of_csv(csv_of(measure)), measure)

    assert fhir["prompts"] == plain["prompts"]
    assert (fhir["introduction"], plain["introduction"]) == ("The last two weeks", "The last two weeks, roughly")


def without_item(data: dict[str, Any]) -> None:
    data["item"][0]["item"].pop()


def without_value(data: dict[str, Any]) -> None:
    data["item"][0]["item"][3]["answerOption"] = [{"valueCoding": {"code": "x", "display": "Often"}}]


def with_few_answers(data: dict[str, Any]) -> None:
    item = data["item"][0]["item"][3]
    item["answerOption"] = item["answerOption"][:2]


def without_text(data: dict[str, Any]) -> None:
    data["item"][0]["item"][3]["text"] = " "


def without_options(data: dict[str, Any]) -> None:
    del data["item"][0]["item"][3]["answerOption"]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (without_item, "GAD-7 has 7 items"),
        (without_value, "Item /4: the answer “Often” has no value"),
        (with_few_answers, "Item 4 (/4) must have the answers 0 to 3; it has 0, 1."),
        (without_text, "Item 4 (/4) has no text."),
        (without_options, "Item /4: its answers must stand in “answerOption”."),
        (lambda data: data.update(resourceType="Patient"), "This is no FHIR Questionnaire"),
        (lambda data: data.update(item="x"), "can’t be read"),
        (lambda data: data.update(item=[3]), "can’t be read"),
    ],
)
def test_a_form_that_does_not_fit_is_refused_by_item(spoil: Any, expected: str) -> None:
    data = questionnaire(GAD_7)
    data["item"][0]["item"] = [dict(item) for item in data["item"][0]["item"]]
    spoil(data)

    with pytest.raises(WordingError, match=expected.replace("(", r"\(").replace(")", r"\)")):
        schema_of_form(form_of_fhir(data), GAD_7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "first line"),
        ("part,number,text\nitem,one,A", "Line 2: write a number"),
        ("part,number,text\nitem,1", "Line 2 has 2 columns"),
        ("part,number,text\nitem,1,A\nitem,1,B", "Line 3: item 1 is there twice"),
        ("part,number,text\nitem,2,A", "Item 1 is missing"),
        ("part,number,text\npoem,2,A", "is no part of a form"),
    ],
)
def test_a_csv_that_can_t_be_read_is_refused_by_line(text: str, expected: str) -> None:
    with pytest.raises(WordingError, match=expected):
        schema_of_form(form_of_csv(text), GAD_7)
