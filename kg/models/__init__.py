"""Larger models behind the interfaces of the default path: none is imported unless somebody asks for it."""
