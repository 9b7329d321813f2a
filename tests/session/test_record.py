"""What a journal's entries add up to."""

from __future__ import annotations

import logging

import pytest

from groundglass.session.record import Record


def test_entries_that_make_no_sense_are_passed_over_and_counted_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "groundglass")

    record = Record([{"do": "shot"}, {"do": "counter", "next": "many"}, {"do": "subject", "subject": "Ada"}])

    assert record.subject == "Ada"
    assert [one.getMessage() for one in caplog.records] == ["2 entries of the journal were not understood"]
