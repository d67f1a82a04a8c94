"""Sealed packages (封装包): what an accepted record is kept and handed over as."""
