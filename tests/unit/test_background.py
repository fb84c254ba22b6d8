"""The table of how common a term is in general."""

from matcher.background import document_shares
from matcher.text.lexicon import genre_shares


def test_every_share_is_a_proper_fraction() -> None:
    shares = document_shares()
    assert len(shares) > 50_000
    assert all(0.0 < share < 1.0 for share in shares.values())


def test_words_of_the_genre_are_at_least_as_common_as_we_judged() -> None:
    shares = document_shares()
    assert [word for word, share in genre_shares().items() if shares[word] < share] == []


def test_common_words_are_commoner_than_technical_ones() -> None:
    shares = document_shares()
    assert shares["技术"] > shares["水"] > shares.get("电解", 0.0) > shares.get("反渗透", 0.0)


def test_the_table_is_read_once() -> None:
    assert document_shares() is document_shares()
