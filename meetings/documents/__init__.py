"""What the pages about meetings say: frozen objects that ask every query once, for one viewer."""
