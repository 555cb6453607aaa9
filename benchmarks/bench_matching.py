"""The lexicon pass against its automaton alone, against pyahocorasick, and against reading and decoding alone."""

from __future__ import annotations

from common import articles, compare, missing, versions


def main() -> None:
    import ahocorasick_rs

    from kg.language.arabic import FoldedText
    from kg.language.lexicon import load_lexicon
    from kg.language.match import lexicon_matcher

    data = [text.encode() for text in articles(1500)]
    folded = [FoldedText.of(raw.decode()).folded for raw in data]
    lexicon = load_lexicon()
    matcher = lexicon_matcher(lexicon)
    forms = list(lexicon.forms)
    alone = ahocorasick_rs.AhoCorasick(forms)

    def bounded(text: str) -> list[tuple[int, int, int]]:
        found = alone.find_matches_as_indexes(text, overlapping=True)
        return [
            (form, start, end)
            for form, start, end in found
            if not (end < len(text) and text[end].isalnum()) and not (start and text[start - 1].isalnum())
        ]

    sides = {
        "kg: folded text to hits, proclitics and boundaries": lambda: [list(matcher.hits(text)) for text in folded],
        "kg: bytes to hits (decoded and folded too)": lambda: [
            list(matcher.hits(FoldedText.of(raw.decode()).folded)) for raw in data
        ],
        "ahocorasick-rs with a boundary check in Python": lambda: [bounded(text) for text in folded],
        "ahocorasick-rs alone, no boundaries": lambda: [
            alone.find_matches_as_indexes(text, overlapping=True) for text in folded
        ],
        "reading limit: decode and fold, no matching": lambda: [FoldedText.of(raw.decode()) for raw in data],
    }
    if not missing("ahocorasick", "pyahocorasick"):
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for number, form in enumerate(forms):
            automaton.add_word(form, number)
        automaton.make_automaton()
        sides["pyahocorasick alone, no boundaries"] = lambda: [list(automaton.iter(text)) for text in folded]
    if not missing("spacy", "spaCy's EntityRuler"):
        import spacy

        pipeline = spacy.blank("ar")
        ruler = pipeline.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": "NAME", "pattern": form} for form in forms])
        sides["spaCy blank('ar') with an EntityRuler of the forms"] = lambda: [pipeline(text).ents for text in folded]
    size = sum(map(len, data)) / 1e6
    note = f"{size:.1f} MB of made-up articles, {len(forms):,} forms; "
    note += f"{versions('ahocorasick-rs', 'pyahocorasick', 'spacy')}."
    compare("Matching the lexicon", sides, amount=size, unit="MB", note=note)


if __name__ == "__main__":
    main()
