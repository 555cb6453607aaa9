"""The parts of ``kg.text.read``: places, bytes, pages, records, and the metadata that stands in the text."""
