"""What pages and papers say: frozen objects that ask every query once, for one viewer on one day."""
