"""Measure the pipeline: on gold annotations, and on corpora in the formats they are published in.

kg.evaluate.gold_folder   FOLDER/articles/*.txt against FOLDER/gold/*.json
kg.evaluate.corpora       ner, conllu, timex, events, names
"""
