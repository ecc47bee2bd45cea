"""Django's PostgreSQL, with patience that ends; `base.py` is where Django looks for a database's engine."""
