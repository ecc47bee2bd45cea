"""Reading agendas and minutes (dagsorden, referat): pure functions from text to what it says, without Django."""
