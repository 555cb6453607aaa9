"""Models of a few thousand weights in the folders that real ones come in, taught what a test wants to hear.

Whole words are pieces of their own, other words fall into letters. A model is taught the label of each word by heart.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
POSITIONS, WIDTH, STEPS, SPAN_STEPS = 64, 32, 60, 120
KINDS = ("O", "B-ORG", "I-ORG", "B-PERS", "I-PERS")


def pieces(words: Sequence[str]) -> list[str]:
    """A vocabulary of whole words and of the letters in them."""
    letters = sorted({char for word in words for char in word} | set("."))
    return list(dict.fromkeys((*SPECIAL, *words, *letters, *(f"##{char}" for char in letters))))


def write_vocabulary(folder: Path, words: Sequence[str]) -> list[str]:
    """``vocab.txt`` and what says how it is used, as CAMeL's packages and older models have it."""
    vocabulary = pieces(words)
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in vocabulary), encoding="utf-8")
    told = {"do_lower_case": False, "tokenizer_class": "BertTokenizer", "strip_accents": False}
    (folder / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")
    names = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    (folder / "special_tokens_map.json").write_text(json.dumps(names), encoding="utf-8")
    return vocabulary


def write_tokenizer(folder: Path, vocabulary: Sequence[str]) -> None:
    """``tokenizer.json``, as newer models have it."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    made.save(str(folder / "tokenizer.json"))


def classifier(
    folder: Path,
    taught: Mapping[str, str],
    *,
    kinds: Sequence[str] = KINDS,
    fast: bool = True,
    seed: int = 1,
    positions: int = POSITIONS,
) -> Any:
    """A BERT for token classification in ``folder``: weights, config, vocabulary; ``fast`` adds tokenizer.json."""
    import torch
    from transformers import BertConfig, BertForTokenClassification

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_vocabulary(folder, list(taught))
    if fast:
        write_tokenizer(folder, vocabulary)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=WIDTH, max_position_embeddings=positions, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, id2label=dict(enumerate(kinds)), label2id={k: n for n, k in enumerate(kinds)},
    )  # fmt: skip
    model = BertForTokenClassification(config)
    ids = torch.arange(len(vocabulary))
    wanted = torch.tensor([kinds.index(taught.get(piece, kinds[0])) for piece in vocabulary])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(STEPS):
        places = torch.randperm(len(vocabulary))[: positions - 2]
        given = torch.cat((torch.tensor([2]), ids[places], torch.tensor([3]))).unsqueeze(0)
        scores = model(input_ids=given).logits[0, 1:-1]
        loss = torch.nn.functional.cross_entropy(scores, wanted[places])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    model.save_pretrained(str(folder))
    return model


def as_onnx(model: Any, folder: Path) -> None:
    """``model.onnx`` of a classifier, in place of its other weights."""
    import torch

    sample = torch.ones((2, 5), dtype=torch.long)
    axes = {0: "sentences", 1: "pieces"}
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, (sample, sample, sample * 0), str(folder / "model.onnx"), input_names=names, dynamo=False,
            output_names=["logits"], dynamic_axes=dict.fromkeys((*names, "logits"), axes), opset_version=17,
        )  # fmt: skip
    (folder / "model.safetensors").unlink(missing_ok=True)


def span_model(folder: Path, sentences: Sequence[tuple[Sequence[str], Sequence[tuple[int, int, str]]]]) -> None:
    """A GLiNER in ``folder``, taught the spans (first word, last word, label) of some sentences."""
    import torch
    from gliner import GLiNER

    from kg.models.neural.spans import ASKED

    encoder = folder.with_name(f"{folder.name}-encoder")
    encoder.mkdir(parents=True)
    words = [*(word for given, _ in sentences for word in given), *" ".join(ASKED).split()]
    write_tokenizer(encoder, vocabulary := write_vocabulary(encoder, words))
    size = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": WIDTH}
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = GLiNER.from_config(
        {
            "model_name": str(encoder), "hidden_size": WIDTH, "max_len": POSITIONS, "max_width": 6, "dropout": 0.0,
            "span_mode": "markerV0", "num_rnn_layers": 1, "vocab_size": -1, "class_token_index": -1,
            "encoder_config": {"model_type": "bert", "vocab_size": len(vocabulary), "hidden_dropout_prob": 0.0,
                               "attention_probs_dropout_prob": 0.0, **size},
        },
        backbone_from_pretrained=False, local_files_only=True,
    )  # fmt: skip
    collate = model._create_data_collator()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    model.train()
    for _ in range(SPAN_STEPS):
        given = [
            {"tokenized_text": list(words), "ner": [list(span) for span in spans], "ner_labels": list(ASKED)}
            for words, spans in sentences
        ]
        loss = model(**collate(given)).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    model.save_pretrained(str(folder))


def camel_data(root: Path, names: Mapping[str, str], tags: Mapping[str, str], stems: Sequence[str]) -> None:
    """CAMeL's data folder: a recogniser that knows ``names``, a disambiguator that knows ``tags``, and a database.

    ``tags`` are labels of words such as ``pos:noun__prc0:0``; ``stems`` are lines of a database's table of stems.
    """
    from kg.language.almor.build import FRAME, database_folder

    ner, bert = root / "data" / "ner" / "arabert", root / "data" / "disambig_bert_unfactored" / "msa"
    database = root / "data" / "morphology_db" / "calima-msa-r13"
    database.mkdir(parents=True)
    frame = (database_folder() / FRAME).read_text(encoding="utf-8")
    head, mark, rest = frame.partition("###STEMS###\n")
    (database / "morphology.db").write_text(head + mark + "".join(f"{s}\n" for s in stems) + rest, encoding="utf-8")
    classifier(ner, names, fast=False, positions=512)
    labels = list(dict.fromkeys(tags.values()))
    classifier(bert, tags, kinds=labels, fast=False, positions=512)
    features = [pair.partition(":")[0] for pair in labels[0].split("__")]
    told = {"feature": "feats_14", "db_name": "calima-msa-r13", "backoff": "NONE", "scorer": "uniform"}
    (bert / "default_config.json").write_text(json.dumps({**told, "tie_breaker": "tag"}), encoding="utf-8")
    frequencies = {"info": {"features": features}, "unfactored": {}, **{name: {} for name in features}}
    (bert / "mle_model.json").write_text(json.dumps(frequencies), encoding="utf-8")
    paths = {
        "MorphologyDB": ("calima-msa-r13", database), "NamedEntityRecognition": ("arabert", ner),
        "DisambigBertUnfactored": ("msa", bert),
    }  # fmt: skip
    components: dict[str, Any] = {
        name: {"default": "none", "datasets": {}} for name in ("DisambigMLE", "DialectID", "SentimentAnalysis")
    }
    for name, (default, path) in paths.items():
        where = path.relative_to(root / "data").as_posix()
        components[name] = {"default": default, "datasets": {default: {"path": where}}}
    catalogue = {"version": "1.6.0", "packages": {}, "components": components}
    (root / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    (root / "versions.json").write_text("{}", encoding="utf-8")
