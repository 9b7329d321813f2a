from __future__ import annotations

import pytest

from groundglass.model.places import CardPolicy, Place
from groundglass.session.backup import BackupState, BackupStatus
from groundglass.studio.clearing import CardStatus
from groundglass.studio.copies import Copies, count_copies
from scripted_desk import shot

_EVERYWHERE = frozenset((Place.CARD, Place.DISK, Place.BACKUP))


def test_a_place_counts_the_shots_it_holds() -> None:
    shots = [shot(number, f"{number}.jpg") for number in (1, 2, 3)]
    places = {1: _EVERYWHERE, 2: frozenset((Place.DISK, Place.CARD)), 3: frozenset((Place.DISK,))}

    copies = count_copies(shots, lambda one: places[one.number], CardStatus(), None)

    assert (copies.shots, copies.on_disk, copies.on_card, copies.in_backup) == (3, 3, 2, 1)
    assert copies.places == ("disk",)


def test_a_card_that_is_not_shown_is_neither_counted_nor_denied() -> None:
    shots = [shot(number, f"{number}.jpg") for number in (1, 2)]
    unseen = frozenset((Place.DISK, Place.UNSEEN_CARD))
    places = {1: unseen, 2: frozenset((Place.DISK, Place.CARD))}

    both = count_copies(shots, lambda one: places[one.number], CardStatus(), None)
    first = count_copies(shots[:1], lambda one: places[one.number], CardStatus(), None)

    assert (both.on_card, both.on_unseen_card, first.on_unseen_card) == (1, 1, 1)
    assert both.places == first.places == ("disk", "card not known")


@pytest.mark.parametrize(
    ("backup", "words", "is_trouble"),
    [
        (None, "none", False),
        (BackupStatus(BackupState.SAFE), "caught up", False),
        (BackupStatus(BackupState.CATCHING_UP, 3), "3 to copy", False),
        (BackupStatus(BackupState.AWAY, 3), "away, 3 to copy", True),
        (BackupStatus(BackupState.FULL), "full", True),
    ],
)
def test_the_second_copy_is_told_in_words(backup: BackupStatus | None, words: str, is_trouble: bool) -> None:
    copies = Copies(shots=3, backup=backup)

    assert (copies.backup_words, copies.is_backup_in_trouble) == (words, is_trouble)


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (CardStatus(), "kept"),
        (CardStatus(CardPolicy.DELETE_AFTER_BACKUP), "deleted if proven"),
        (CardStatus(CardPolicy.DELETE_AFTER_BACKUP, due=4), "4 to delete"),
        (CardStatus(CardPolicy.DELETE_AFTER_BACKUP, kept=("A stays.",)), "1 must stay"),
    ],
)
def test_the_cards_policy_is_told_in_words(card: CardStatus, words: str) -> None:
    assert Copies(card=card).policy_words == words
