"""Notatet and its relatives: what there is to tell, section by section, as one paper (kit.paper) for one edition."""
