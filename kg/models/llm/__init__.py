"""An extractor that asks a language model and believes only what it can show in the text."""
