"""Answers, briefings, leaflets, greetings and consultations: standards told to people."""
