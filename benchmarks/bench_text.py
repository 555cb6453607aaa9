"""Text to tokens, and text to claims, against camel-tools used plainly and its BERT recogniser with random weights."""

from __future__ import annotations

import tempfile
from pathlib import Path

from common import QUICK, articles, compare, missing, versions


def main() -> None:
    from kg.datamodel import Document, DocumentId
    from kg.language.almor.build import export
    from kg.language.arabic import FoldedText
    from kg.language.camel import camel
    from kg.language.morphology import default_morphology
    from kg.pipeline import analyse
    from kg.text.segment import segment

    texts = list(articles(10 if QUICK else 40))
    tokenise = camel("tokenizers.word").simple_word_tokenize
    with tempfile.TemporaryDirectory() as folder:
        export(Path(folder) / "own.db")
        database = camel("morphology.database").MorphologyDB(str(Path(folder) / "own.db"), "a")
    plain = camel("morphology.analyzer").Analyzer(database, backoff="NOAN_PROP")
    cached = camel("morphology.analyzer").Analyzer(database, backoff="NOAN_PROP", cache_size=50_000)
    morphology = default_morphology()
    tokens = sum(len(segment(FoldedText.of(text), morphology)[1]) for text in texts)
    sides = {
        "kg: text to claims, the whole analysis": lambda: [
            analyse(Document(id=DocumentId("x"), text=text, published="2024-05-01")) for text in texts
        ],
        "kg: text to sentences and tokens read in context": lambda: [
            segment(FoldedText.of(text), morphology) for text in texts
        ],
        "camel-tools: tokenise, analyse each word, cache on": lambda: [
            cached.analyze(word) for text in texts for word in tokenise(text)
        ],
        "camel-tools: tokenise, analyse each word, as it comes": lambda: [
            plain.analyze(word) for text in texts for word in tokenise(text)
        ],
    }
    if not (missing("torch", "BERT recogniser") or missing("transformers", "BERT recogniser")):
        few = texts[:1]
        part = sum(map(len, few)) / sum(map(len, texts))
        run = _bert(few)
        compare("BERT of the same size as CAMeL's recogniser, random weights", {
            "kg: text to claims": lambda: [analyse(Document(id=DocumentId("x"), text=text)) for text in few],
            "BERT-base token classifier, padded to 256": run,
        }, amount=tokens * part, unit="tokens", note=versions("torch", "transformers"), rounds=3)  # fmt: skip
    note = f"{tokens:,} tokens, the same database on all sides, warm; {versions('camel-tools')}."
    compare("Text layer", sides, amount=tokens, unit="tokens", note=note, rounds=3)


def _bert(texts: list[str]) -> object:
    import torch
    from transformers import BertConfig, BertForTokenClassification

    model = BertForTokenClassification(BertConfig(vocab_size=30_000, num_labels=9)).eval()
    count = sum(text.count("\n") + 1 for text in texts)

    def run() -> None:
        with torch.no_grad():
            for _ in range(count):
                model(torch.zeros((1, 256), dtype=torch.long))

    return run


if __name__ == "__main__":
    main()
