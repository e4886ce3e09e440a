"""An index's files: Whoosh's own, and the arrays beside them."""
