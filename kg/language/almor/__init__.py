"""From lexeme rows to a database in camel-tools' ALMOR format: inflection, affixes, writer."""
