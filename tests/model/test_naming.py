from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from groundglass.errors import TemplateError
from groundglass.model.naming import DEFAULT_TEMPLATE, NamingFields, NamingTemplate

FIELDS = NamingFields(
    "Spring", datetime(2026, 3, 4, 5, 6, 7), 42, "Nikon Z 6", "6001234", "DSC_0815", "Red coat"
)


@pytest.mark.parametrize(
    ("template", "name"),
    [
        (DEFAULT_TEMPLATE, "Spring_0042"),
        ("{counter}", "42"),
        ("{counter:02}", "42"),
        ("{date:%Y%m%d}-{time:%H%M%S}-{counter:06}", "20260304-050607-000042"),
        ("{date}_{time}_{counter}", "2026-03-04_050607_42"),
        ("{date:%Y}/{date:%m}/{camera}/{original} {counter:03}", "2026/03/Nikon Z 6/DSC_0815 042"),
        ("{serial}_{counter} {{raw}}", "6001234_42 {raw}"),
        ("{subject}/{subject} {counter}", "Red coat/Red coat 42"),
    ],
)
def test_each_token_is_rendered(template: str, name: str) -> None:
    assert NamingTemplate.parse(template).render(FIELDS) == name


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("", "no {counter}"),
        ("{original}", "no {counter}"),
        ("{date}{time}", "no {counter}"),
        ("{client}{counter}", "{client}"),
        ("{}{counter}", "{}"),
        ("{0}{counter}", "{0}"),
        ("{session.name}{counter}", "{session.name}"),
        ("{session.__class__}{counter}", "__class__"),
        ("{session[0]}{counter}", "{session[0]}"),
        ("{counter!r}", "!r"),
        ("{counter", "brace"),
        ("{counter}}", "brace"),
        ("{counter:x}", "“x”"),
        ("{counter:4}", "“4”"),
        ("{counter:0999}", "“0999”"),
        ("{counter:{session}}", "“{session}”"),
        ("{session:>9999999999}{counter}", "no format"),
        ("{date:%B}{counter}", "“%B”"),
        ("{date:%Y/%m}{counter}", "%Y/%m"),
        ("{date:%}{counter}", "“%”"),
        ("/tmp/{counter}", "absolute"),
        ("../{counter}", "“..”"),
        ("a/../{counter}", "“..”"),
        ("./{counter}", "dot"),
        (".hidden/{counter}", "dot"),
        ("a/.{counter}", "dot"),
        ("{counter}/", "ends with"),
        ("a//{counter}", "empty"),
        ("a:{counter}", "':'"),
        ("a\\{counter}", "not every disk"),
        ("a\n{counter}", "not every disk"),
        ("  /{counter}", "blanks"),
        ("x" * 200 + "{counter}", "too long"),
    ],
)
def test_a_template_that_could_lose_or_confuse_names_is_refused_with_the_reason(
    template: str, reason: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        NamingTemplate.parse(template)

    assert reason in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a/b\\c", "a-b-c_7"),
        ("../../etc", "-..-etc_7"),
        ("...", "unknown_7"),
        ("", "unknown_7"),
        (" . name . ", "name_7"),
        ('a:*?"<>|b', "a-------b_7"),
        ("a\x00\n\x7fb", "a---b_7"),
        ("\udcff", "?_7".replace("?", "-")),
        ("e\u0301", "\u00e9_7"),
    ],
)
def test_a_value_can_not_leave_its_place_in_the_name(value: str, name: str) -> None:
    fields = replace(FIELDS, camera=value, counter=7)

    assert NamingTemplate.parse("{camera}_{counter}").render(fields) == name


@pytest.mark.parametrize("letter", ["x", "é", "日", "😀"])
def test_a_long_name_is_cut_between_letters_and_keeps_its_counter(letter: str) -> None:
    fields = replace(FIELDS, session=letter * 400, camera=letter * 400, original=letter * 400)

    name = NamingTemplate.parse("{session}{camera}{original}_{counter:04}").render(fields)

    assert len(f"{name} (99).jpeg".encode()) <= 255
    assert name.endswith(f"{letter}_0042")
    assert set(name) == {letter, *"_0042"}


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "aux.x"])
def test_names_of_windows_devices_are_avoided(name: str) -> None:
    folder, _ = NamingTemplate.parse("{session}/{counter}").render(replace(FIELDS, session=name)).split("/")

    assert folder == f"_{name}"


def test_two_counters_never_give_one_name() -> None:
    template = NamingTemplate.parse("{session}{original}{counter:02}")
    long = replace(FIELDS, session="s" * 300, original="o" * 300)

    names = {template.render(replace(long, counter=number)) for number in range(1, 2000)}

    assert len(names) == 1999
